//! Figures as an aligned table.

use super::figure::{Bar, Figure, Unit};

const HEAD: [&str; 6] = ["measure", "measured", "floor", "ratio", "bar", "holds"];

/// How wide the columns are; a longer cell pushes its line.
const WIDTHS: [usize; 6] = [53, 9, 9, 7, 14, 5];

/// The head of the table.
pub fn head() -> String {
    line(&HEAD.map(str::to_owned))
}

/// A group of figures under the command that measures them alone. Groups are printed as they come, for a table takes
/// minutes.
pub fn group(command: &str, figures: &[Figure]) -> String {
    let rows: String = figures.iter().map(|figure| line(&row(figure))).collect();
    format!("# {command}\n{rows}")
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

fn line(cells: &[String; 6]) -> String {
    let mut text = String::new();
    for (n, (cell, width)) in cells.iter().zip(WIDTHS).enumerate() {
        let gap = " ".repeat(width.saturating_sub(cell.chars().count()));
        text += &if n == 0 { format!("{cell}{gap}") } else { format!("  {gap}{cell}") };
    }
    text.trim_end().to_owned() + "\n"
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
        let text = head() + &group("./dev x", &figures);
        let expected = "\
measure                                                 measured      floor    ratio             bar  holds
# ./dev x
a long one                                              1.500 ms   1.000 ms    1.50x  <= 1.25x floor     NO
b                                                        1.08 MB                          <= 1.20 MB    yes
";
        assert_eq!(text, expected);
    }
}
