//! The words that decide which clocks run: kinds of ticket, severities of a fault, grades of an incident.
//! The wire text of each word is also how it is stored.

/// Declares an enum whose wire text is its name in snake case, with its Chinese title.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($word:ident = $wire:literal, $title:literal;)* }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        $(#[$doc])*
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($word),* }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$word),*];

            #[must_use]
            pub const fn wire(self) -> &'static str { match self { $(Self::$word => $wire),* } }

            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$word => $title),* } }

            #[must_use]
            pub fn from_wire(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|w| w.wire() == text)
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a ticket is about. Each kind has its own states and clocks.
    Kind {
        Fault = "fault", "故障";
        Consultation = "consultation", "咨询";
        Change = "change", "变更";
        Quality = "quality", "质量问题";
        Incident = "incident", "安全事件";
        Inspection = "inspection", "检测";
        Report = "report", "进度报告";
        Invoice = "invoice", "发票";
    }
}

words! {
    /// How bad a fault is. It orders attention; annex P6 may let it tighten R8 and S24, never loosen them.
    Severity {
        Critical = "critical", "严重";
        Major = "major", "一般";
        Minor = "minor", "轻微";
    }
}

words! {
    /// Grades of the national plan for network security incidents, mildest first. From 较大 on, an
    /// ordinary network operator reports to the authority within 4 hours.
    Grade {
        General = "general", "一般";
        Major = "major", "较大";
        Severe = "severe", "重大";
        Critical = "critical", "特别重大";
    }
}
