//! How many tests passed and failed, read from what cargo, Vitest and Playwright print.

/// Tests of one stage or of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    /// Those of the passed that needed a second try, by name.
    pub(crate) shaky: Vec<String>,
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.shaky.extend(other.shaky);
    }
}

/// Sums all `test result: ok. 5 passed; 0 failed; …` lines.
pub(crate) fn cargo(output: &str) -> Count {
    let mut count = Count::default();
    for line in output
        .lines()
        .filter(|line| line.starts_with("test result:"))
    {
        count.passed += before(line, "passed");
        count.failed += before(line, "failed");
    }
    count
}

/// The names of the tests of cargo that failed: `test NAME ... FAILED`.
pub(crate) fn failed_in_cargo(output: &str) -> Vec<String> {
    let names = output
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"));
    names.map(str::to_owned).collect()
}

/// Reads `Tests  1 failed | 12 passed (13)`.
pub(crate) fn vitest(output: &str) -> Count {
    let line = output
        .lines()
        .rev()
        .find(|line| line.trim_start().starts_with("Tests "));
    line.map_or_else(Count::default, |line| Count {
        passed: before(line, "passed"),
        failed: before(line, "failed"),
        shaky: Vec::new(),
    })
}

/// Reads the lines `1 failed`, `1 flaky`, `12 passed (3.4s)`. What only a second try made pass has
/// passed, but is said.
pub(crate) fn playwright(output: &str) -> Count {
    let mut count = Count::default();
    for (at, line) in output.lines().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [number, what, ..] = words.as_slice() else {
            continue;
        };
        let Ok(number) = number.parse::<usize>() else {
            continue;
        };
        let summary = words.len() == 2 || words.get(2).is_some_and(|word| word.starts_with('('));
        match *what {
            "passed" if summary => count.passed += number,
            "flaky" if summary => {
                count.passed += number;
                let names = output.lines().skip(at + 1).take(number);
                count.shaky.extend(names.map(|name| {
                    let decoration = |c: char| c.is_whitespace() || c == '─';
                    name.trim_matches(decoration).to_owned()
                }));
            }
            "failed" | "interrupted" | "did" if summary || *what == "did" => {
                count.failed += number;
            }
            _ => {}
        }
    }
    count
}

/// The number that stands before `word`.
fn before(line: &str, word: &str) -> usize {
    let mut last = "";
    for piece in line
        .split([' ', ';', '|', '(', ')'])
        .filter(|piece| !piece.is_empty())
    {
        if piece == word {
            return last.parse().unwrap_or_default();
        }
        last = piece;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_lines_are_summed() {
        let output = "test a ... ok\ntest result: ok. 5 passed; 0 failed; 1 ignored; 0 measured\n\
                      noise 3 passed\n\
                      test result: FAILED. 7 passed; 2 failed; 0 ignored; finished in 1.2s\n";
        assert_eq!(
            cargo(output),
            Count {
                passed: 12,
                failed: 2,
                shaky: Vec::new()
            }
        );
        assert_eq!(
            failed_in_cargo("test a::b ... FAILED\ntest c ... ok\nfailures:\n    a::b\n"),
            ["a::b"],
            "a test that failed is named once"
        );
    }

    #[test]
    fn vitests_last_line_counts() {
        let output =
            " Test Files  1 failed | 3 passed (4)\n      Tests  1 failed | 12 passed (13)\n";
        assert_eq!(
            vitest(output),
            Count {
                passed: 12,
                failed: 1,
                shaky: Vec::new()
            }
        );
        assert_eq!(
            vitest("      Tests  9 passed (9)"),
            Count {
                passed: 9,
                failed: 0,
                shaky: Vec::new()
            }
        );
        assert_eq!(vitest("no tests"), Count::default());
    }

    #[test]
    fn playwrights_summary_counts_and_names_what_was_flaky() {
        let output = "  ok 1 opens (2.1s)\n  1 failed\n    [chromium] > a.spec.ts\n  1 flaky\n    \
                      [chromium] › b.spec.ts:3:1 › opens ─────\n  2 skipped\n  12 passed (41.2s)\n";
        assert_eq!(
            playwright(output),
            Count {
                passed: 13,
                failed: 1,
                shaky: vec!["[chromium] › b.spec.ts:3:1 › opens".to_owned()]
            }
        );
    }
}
