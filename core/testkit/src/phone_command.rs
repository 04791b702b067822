//! What a phone process is told and what it answers: one JSON object a line.

use guidebook_core::coupon_view::{CouponCard, IssueRequest};
use guidebook_core::edit_view::EditRow;
use guidebook_core::request::{ListRequest, MemberField, MemberOrder, WalkinRequest};
use guidebook_core::view::{MemberRow, MemberView};
use guidebook_core::{Guidebook, GuidebookError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A command.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do")]
#[allow(missing_docs)] // Each is the facade's call of the same name.
pub enum Command {
    State,
    Unlock,
    Enrol {
        server: String,
        code: String,
        device_name: String,
    },
    List {
        text: String,
        tags: String,
        offset: u32,
    },
    Member {
        member: String,
    },
    TagGroups,
    SetTag {
        member: String,
        tag: String,
        on: bool,
    },
    Note {
        member: String,
        text: String,
    },
    Preferences {
        member: String,
        text: String,
    },
    FollowUp {
        member: String,
        text: String,
        due: String,
    },
    WalkIn {
        name: String,
        phone: String,
    },
    PersonalTag {
        name: String,
    },
    Undo {
        edit: String,
    },
    Again {
        edit: String,
    },
    Fate {
        edit: String,
    },
    Wipe,
    Lock,
    /// Reads the whole book, every member, and says only how many.
    ReadAll,
    Sync,
    SyncState,
    /// What can be given out, by campaign.
    Campaigns,
    Issue {
        member: String,
        campaign: String,
        value: u32,
    },
    HandOver {
        coupon: String,
    },
    Void {
        coupon: String,
    },
    Coupons,
    Digest,
    /// Sets how far this phone's clock is ahead of the machine's, in milliseconds.
    Clock {
        ahead_ms: i64,
    },
}

/// Does a command on a book. `Clock` is the caller's. The answer is the `ok` of the line; an error its `error`.
pub fn obey(book: &Guidebook, command: Command) -> Result<Value, GuidebookError> {
    Ok(match command {
        Command::State => json!(format!("{:?}", book.state()?)),
        Command::Unlock => json!(book.unlock()?),
        Command::Enrol { server, code, device_name } => {
            let request = guidebook_core::request::EnrolRequest { server, code, device_name };
            let guide = wait(book.enrol(request))?;
            json!({"guide": guide.id, "name": guide.name, "device": guide.device})
        }
        Command::List { text, tags, offset } => {
            let page = book.list(ListRequest {
                text,
                tags,
                order: MemberOrder::Recent,
                offset,
                limit: 50,
                birthday_within_days: None,
                follow_up_due: false,
            })?;
            json!({"total": page.total, "rows": page.rows.iter().map(row).collect::<Vec<_>>()})
        }
        Command::Member { member } => view(&book.member(member)?),
        Command::TagGroups => json!(
            book.tag_groups()?
                .into_iter()
                .map(|g| json!({"id": g.id, "name": g.name, "single": g.single_choice, "editable": g.editable,
                    "tags": g.tags.into_iter().map(|t| json!({"id": t.id, "name": t.name})).collect::<Vec<_>>()}))
                .collect::<Vec<_>>()
        ),
        Command::SetTag { member, tag, on } => json!(book.set_tag(member, tag, on)?),
        Command::Note { member, text } => json!(book.write_note(member, text)?),
        Command::Preferences { member, text } => json!(book.set_field(member, MemberField::Preferences, text)?),
        Command::FollowUp { member, text, due } => json!(book.add_follow_up(member, text, due)?),
        Command::WalkIn { name, phone } => {
            let walkin = book.enrol_walk_in(WalkinRequest {
                name,
                phone,
                gender: None,
                birthday: None,
                agrees_to_membership: true,
                agrees_to_marketing: true,
                agrees_to_brands: Vec::new(),
            })?;
            json!({"member": walkin.member, "edit": walkin.edit})
        }
        Command::PersonalTag { name } => json!(book.make_personal_tag(name)?),
        Command::Undo { edit } => json!(book.undo(edit)?),
        Command::Again { edit } => json!(book.apply_again(edit)?),
        Command::Wipe => json!(book.wipe()?),
        Command::Lock => json!(book.lock()),
        Command::ReadAll => json!(read_all(book)?),
        Command::Fate { edit } => fate(&book.edit_fate(edit)?),
        Command::Sync => {
            let report = wait(book.sync_now())?;
            json!({"requests": report.requests, "answered": report.answered, "members": report.members})
        }
        Command::SyncState => {
            let state = book.sync_state()?;
            json!({"waiting": state.waiting, "refused": state.refused, "retrying": state.retrying})
        }
        Command::Campaigns => json!(
            book.campaigns()?
                .into_iter()
                .map(|c| json!({"id": c.id, "left": c.values.iter().map(|v| v.left).sum::<u32>(), "why_not": c.why_not.map(|p| format!("{p:?}"))}))
                .collect::<Vec<_>>()
        ),
        Command::Issue { member, campaign, value } => coupon(&book.issue_coupon(IssueRequest { member, campaign, value })?),
        Command::HandOver { coupon } => json!(book.hand_over_coupon(coupon)?),
        Command::Void { coupon } => json!(book.void_coupon(coupon)?),
        Command::Coupons => {
            let rows = book.coupons(0, 50)?;
            let cards = rows.into_iter().map(|row| Ok(coupon(&book.coupon(row.id)?)));
            json!(cards.collect::<Result<Vec<_>, GuidebookError>>()?)
        }
        Command::Digest => json!(book.digest()?),
        Command::Clock { .. } => Value::Null,
    })
}

fn read_all(book: &Guidebook) -> Result<u32, GuidebookError> {
    let mut seen = 0;
    loop {
        let page = book.list(ListRequest {
            text: String::new(),
            tags: String::new(),
            order: MemberOrder::Name,
            offset: seen,
            limit: 200,
            birthday_within_days: None,
            follow_up_due: false,
        })?;
        for row in &page.rows {
            book.member(row.id.clone())?;
        }
        seen += page.rows.len() as u32;
        if page.rows.is_empty() || seen >= page.total {
            return Ok(seen);
        }
    }
}

/// Waits for one of the core's futures; they run on the core's own runtime.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime without drivers");
    runtime.block_on(future)
}

fn row(row: &MemberRow) -> Value {
    json!({"id": row.id, "name": row.name, "phone": row.masked_phone, "tags": row.tags, "waiting": row.waiting})
}

fn view(view: &MemberView) -> Value {
    let mut value = row(&view.row);
    value["notes"] = view.notes.iter().map(|n| json!({"id": n.id, "text": n.text, "guide": n.guide})).collect();
    value["follow_ups"] = view.follow_ups.iter().map(|f| json!({"text": f.text, "due": f.due, "done": f.done})).collect();
    value["orders"] = json!(view.orders);
    value
}

fn coupon(card: &CouponCard) -> Value {
    json!({"id": card.row.id, "code": card.code, "voucher": card.voucher, "member": card.row.member,
        "status": format!("{:?}", card.row.status), "waiting": card.row.waiting})
}

fn fate(row: &EditRow) -> Value {
    json!({"what": row.what, "member": row.member, "fate": format!("{:?}", row.fate)})
}
