//! Figures as an aligned table.

use super::figure::{Bar, Figure, Unit};

const HEAD: [&str; 6] = ["measure", "measured", "floor", "ratio", "bar", "holds"];

/// The table, a line a figure, with the command that measures them above each group.
pub fn print(groups: &[(String, Vec<Figure>)]) -> String {
    let rows: Vec<[String; 6]> = groups.iter().flat_map(|(_, figures)| figures.iter().map(row)).collect();
    let head = HEAD.map(str::to_owned);
    let width = |column: usize| rows.iter().chain([&head]).map(|row| columns(&row[column])).max().unwrap_or(0);
    let widths: [usize; 6] = std::array::from_fn(width);
    let mut text = line(&head, &widths);
    for (command, figures) in groups {
        text += &format!("# {command}\n");
        for figure in figures {
            text += &line(&row(figure), &widths);
        }
    }
    text
}

fn row(figure: &Figure) -> [String; 6] {
    let shown = |value: f64| show(value, figure.unit);
    [
        figure.measure.clone(),
        shown(figure.value),
        figure.floor.map_or(String::new(), shown),
        figure.ratio().map_or(String::new(), |ratio| format!("{ratio:.2}x")),
        match figure.bar {
            Bar::AtMost(most) => format!("<= {}", shown(most)),
            Bar::AtLeast(least) => format!(">= {}", shown(least)),
            Bar::TimesFloor(times) => format!("<= {times}x floor"),
            Bar::None => String::new(),
        },
        figure.holds().map_or(String::new(), |holds| if holds { "yes".to_owned() } else { "NO".to_owned() }),
    ]
}

fn line(cells: &[String; 6], widths: &[usize; 6]) -> String {
    let mut text = String::new();
    for (n, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let gap = " ".repeat(width - columns(cell));
        text += &if n == 0 { format!("{cell}{gap}") } else { format!("  {gap}{cell}") };
    }
    text.trim_end().to_owned() + "\n"
}

fn columns(cell: &str) -> usize {
    cell.chars().count()
}

fn show(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Ms if value < 10.0 => format!("{value:.3} ms"),
        Unit::Ms => format!("{value:.0} ms"),
        Unit::Bytes if value < 10_000.0 => format!("{value:.0} B"),
        Unit::Bytes if value < 1e6 => format!("{:.1} KB", value / 1e3),
        Unit::Bytes => format!("{:.2} MB", value / 1e6),
        Unit::PerSecond => format!("{value:.0}/s"),
        Unit::Times => format!("{value:.3}x"),
        Unit::Count if value.fract() == 0.0 => format!("{value:.0}"),
        Unit::Count => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_a_missed_bar_is_seen() {
        let figures = vec![
            Figure::new("a long one", 1.5, Unit::Ms).over(1.0).bar(Bar::TimesFloor(1.25)),
            Figure::bytes("b", 1_080_000).bar(Bar::AtMost(1.2e6)),
        ];
        let text = print(&[("./dev x".to_owned(), figures)]);
        let expected = "\
measure     measured     floor  ratio            bar  holds
# ./dev x
a long one  1.500 ms  1.000 ms  1.50x  <= 1.25x floor     NO
b            1.08 MB                      <= 1.20 MB    yes
";
        assert_eq!(text, expected);
    }
}
