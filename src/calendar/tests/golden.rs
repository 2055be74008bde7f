//! Vectors of other engines and of the agreement, retyped as data.

use super::{at, builtin};
use crate::calendar::*;

#[test]
fn the_chinese_vectors() {
    for (start, unit, n, want) in [
        ("2025-09-24 10:00", Unit::WorkingDays, 3, "2025-09-28 18:00"),
        ("2026-02-13 10:00", Unit::WorkingDays, 5, "2026-02-27 18:00"),
        ("2025-01-24 10:00", Unit::WorkingDays, 5, "2025-02-07 18:00"),
        ("2026-01-01 10:00", Unit::WorkingDays, 3, "2026-01-06 18:00"),
        ("2026-09-16 10:00", Unit::NaturalDays, 15, "2026-10-08 18:00"),
        ("2026-10-01 09:00", Unit::NaturalHours, 8, "2026-10-01 17:00"),
        ("2026-10-01 09:00", Unit::NaturalHours, 24, "2026-10-02 09:00"),
        ("2026-02-13 17:00", Unit::WorkingHours, 8, "2026-02-14 17:30"),
    ] {
        let due = due(&builtin(), &Rules::default(), at(start), unit, n, &[]).unwrap();
        println!("{}", due.trace.iter().map(|d| d.note.as_str()).collect::<Vec<_>>().join("\n"));
        assert_eq!(due.due_at, at(want), "{start} {unit:?} {n}");
        assert!(!due.provisional);
    }
}
