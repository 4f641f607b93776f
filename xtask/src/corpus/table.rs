//! The table of a run.

use std::{fmt::Write as _, time::Duration};

/// A service, and the results for it.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) operations: usize,
    pub(super) lines: usize,
    pub(super) import: Duration,
    pub(super) generate: Duration,
    /// Why there are no files, or invalid ones.
    pub(super) fault: Option<String>,
    /// Seconds, or what the compiler said; `None` if it was not compiled.
    pub(super) compiled: Option<Result<f64, String>>,
    /// Requests and responses that were compared.
    pub(super) compared: usize,
    pub(super) differences: Vec<(String, String)>,
    /// Cases whose difference is known to be right, and why.
    pub(super) explained: Vec<(String, &'static str)>,
}

impl Row {
    pub(super) fn has_failed(&self) -> bool {
        self.fault.is_some() || matches!(self.compiled, Some(Err(_))) || !self.differences.is_empty()
    }
}

/// The rows, their sums, the growth of time with size, and every fault.
pub(super) fn text(rows: &[Row]) -> String {
    let mut text = String::from(
        "service                                  operations    lines  import ms  generate ms  compiled  compared  differences\n",
    );
    for row in rows {
        let compiled = match &row.compiled {
            Some(Ok(seconds)) => format!("{seconds:.1} s"),
            Some(Err(_)) => "FAILED".to_owned(),
            None => String::new(),
        };
        let Row { name, operations, lines, import, generate, compared, differences, .. } = row;
        let (import, generate, differences) = (import.as_millis(), generate.as_millis(), differences.len());
        let _ = writeln!(
            text,
            "{name:40} {operations:10} {lines:8} {import:10} {generate:12} {compiled:>9} {compared:9} {differences:12}"
        );
    }
    let seconds = |of: fn(&Row) -> Duration| rows.iter().map(of).sum::<Duration>().as_secs_f64();
    let sum = |of: fn(&Row) -> usize| rows.iter().map(of).sum::<usize>();
    let _ = writeln!(
        text,
        "all: {} services, {} operations, {} lines; imported in {:.1} s, generated in {:.1} s; {} compiled, {} compared, {} \
         differences",
        rows.len(),
        sum(|row| row.operations),
        sum(|row| row.lines),
        seconds(|row| row.import),
        seconds(|row| row.generate),
        rows.iter().filter(|row| matches!(row.compiled, Some(Ok(_)))).count(),
        sum(|row| row.compared),
        sum(|row| row.differences.len()),
    );
    text.extend(growth(rows));
    for row in rows {
        for (id, why) in &row.explained {
            let _ = writeln!(text, "explained: {} {id}: {why}", row.name);
        }
    }
    for row in rows {
        let fault = row.fault.iter().map(|fault| (String::new(), fault.as_str()));
        let compiler = row
            .compiled
            .iter()
            .filter_map(|compiled| compiled.as_ref().err())
            .map(|said| (String::new(), said.as_str()));
        let differences = row.differences.iter().map(|(id, fault)| (format!(" {id}"), fault.as_str()));
        for (id, fault) in fault.chain(compiler).chain(differences) {
            let _ = writeln!(text, "FAILED: {}{id}: {}", row.name, fault.trim().replace('\n', "\n  "));
        }
    }
    text
}

/// Growth with the services' size, by least squares: milliseconds by lines, lines and milliseconds by operations.
fn growth(rows: &[Row]) -> Option<String> {
    let fit = |x: &dyn Fn(&Row) -> f64, y: &dyn Fn(&Row) -> f64| {
        let generated = rows.iter().filter(|row| row.lines > 0);
        line(&generated.map(|row| (x(row), y(row))).collect::<Vec<_>>())
    };
    #[expect(clippy::cast_precision_loss, reason = "lines and operations are fewer than 2^52")]
    let (lines, operations) = (|row: &Row| row.lines as f64, |row: &Row| row.operations as f64);
    let milliseconds = |row: &Row| row.generate.as_secs_f64() * 1e3;
    let (by_line, start, by_line_fit) = fit(&lines, &milliseconds)?;
    let (more_lines, _, lines_fit) = fit(&operations, &lines)?;
    let (more_time, _, time_fit) = fit(&operations, &milliseconds)?;
    Some(format!(
        "generation: {:.2} us per line and {start:.1} ms, R² {by_line_fit:.3}; per operation {more_lines:.0} lines, R² \
         {lines_fit:.3}, and {more_time:.2} ms, R² {time_fit:.3}\n",
        by_line * 1e3
    ))
}

/// Slope, value at 0 and coefficient of determination.
fn line(points: &[(f64, f64)]) -> Option<(f64, f64, f64)> {
    if points.len() < 3 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "there are few points")]
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let sum =
        |of: &dyn Fn(f64, f64) -> f64| points.iter().map(|point| of(point.0 - x, point.1 - y)).sum::<f64>();
    let (xx, xy, yy) = (sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
    let slope = xy / xx;
    (xx > 0.0 && yy > 0.0).then(|| (slope, y - slope * x, xy * xy / (xx * yy)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_sums_and_faults_are_shown() {
        let row = |name: &str, lines: usize| Row {
            name: name.to_owned(),
            operations: lines / 10 + 1,
            lines,
            generate: Duration::from_millis(u64::try_from(lines).unwrap() + 5),
            compared: 4,
            explained: if name == "d" { vec![("Do response".to_owned(), "it is right")] } else { Vec::new() },
            ..Row::default()
        };
        let broken = Row { fault: Some("does not load".into()), lines: 0, ..row("c", 0) };
        let odd = Row {
            compiled: Some(Err("error\nE0001".into())),
            differences: vec![("Do request".into(), "body differs".into())],
            ..row("b", 20)
        };
        let shown = text(&[Row { compiled: Some(Ok(1.5)), ..row("a", 10) }, odd, broken, row("d", 40)]);
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn lines_are_fitted() {
        let (slope, start, fit) = line(&[(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]).unwrap();
        assert!((slope - 2.0).abs() < 1e-9 && (start - 1.0).abs() < 1e-9 && (fit - 1.0).abs() < 1e-9);
        assert_eq!(line(&[(0.0, 1.0), (1.0, 3.0)]), None);
    }
}
