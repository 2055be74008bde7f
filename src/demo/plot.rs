//! One ticket's story: who does what when. Pure; the stage plays it.

use super::cast::CAST;
use super::dice::Dice;
use super::scenes::{CHATTER, INTERNAL_NOTES, Scene};
use crate::kit::actor::{Role, Side};
use crate::kit::clock::Timestamp;

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Report {
        photo: bool,
    },
    Accept,
    Assign {
        to: usize,
    },
    Ask,
    Supply {
        photo: bool,
    },
    Solve {
        eta: Option<Timestamp>,
    },
    Reject,
    Repair,
    Confirm {
        rating: i32,
    },
    Fail,
    Reopen,
    Withdraw,
    /// Into the ticket of that plot.
    Merge {
        into: usize,
    },
    Remind,
    Say {
        text: &'static str,
    },
    Note {
        text: &'static str,
    },
    Reveal,
}

#[derive(Clone, Copy, Debug)]
pub struct Beat {
    pub at: Timestamp,
    /// Place in the cast.
    pub who: usize,
    pub deed: Deed,
}

#[derive(Clone, Debug)]
pub struct Plot {
    pub scene: &'static Scene,
    /// Put after the title, so that two of one kind can be told apart.
    pub twist: &'static str,
    pub reporter: usize,
    pub agent: usize,
    pub beats: Vec<Beat>,
}

/// Writes a plot with a pen that moves forward in time.
pub struct Pen<'a> {
    pub dice: &'a mut Dice,
    pub at: Timestamp,
    pub plot: Plot,
}

impl Pen<'_> {
    /// So many minutes later, somewhere in between, and some seconds.
    pub fn wait(&mut self, low: i64, high: i64) -> &mut Self {
        let seconds = self.dice.between(low.saturating_mul(60), high.saturating_mul(60));
        self.at = self.at.plus_seconds(seconds);
        self
    }

    /// Jumps there.
    pub fn on(&mut self, at: Timestamp) -> &mut Self {
        self.at = at;
        self
    }

    fn by(&mut self, who: usize, deed: Deed) -> &mut Self {
        self.plot.beats.push(Beat { at: self.at, who, deed });
        // Two deeds of one ticket never share an instant.
        self.at = self.at.plus_seconds(1);
        self
    }

    pub fn client(&mut self, deed: Deed) -> &mut Self {
        self.by(self.plot.reporter, deed)
    }

    pub fn vendor(&mut self, deed: Deed) -> &mut Self {
        self.by(self.plot.agent, deed)
    }

    /// The lead hands the ticket to another agent.
    pub fn hand_over(&mut self) -> &mut Self {
        let to = agent(self.dice);
        if to != self.plot.agent {
            self.by(place_of("hejun"), Deed::Assign { to });
            self.plot.agent = to;
        }
        self
    }

    /// A line of either side, or an internal note.
    pub fn chatter(&mut self) -> &mut Self {
        if self.dice.percent(40)
            && let Some(text) = self.dice.pick(INTERNAL_NOTES).copied()
        {
            return self.vendor(Deed::Note { text });
        }
        match self.dice.pick(CHATTER).copied() {
            Some((Side::Client, text)) => self.client(Deed::Say { text }),
            Some((Side::Vendor, text)) => self.vendor(Deed::Say { text }),
            None => self,
        }
    }
}

pub fn place_of(login: &str) -> usize {
    CAST.iter().position(|p| p.login == login).unwrap_or(0)
}

/// Somebody who reports: a bound employee who is neither 陈宇, who has stories of his own, nor a manager.
pub fn reporter(dice: &mut Dice) -> usize {
    let fit: Vec<usize> = (1..CAST.len())
        .filter(|i| CAST.get(*i).is_some_and(|p| p.bound && p.roles == [Role::Employee]))
        .collect();
    dice.pick(&fit).copied().unwrap_or(2)
}

/// Somebody of the desk; 周可 more often than the others.
pub fn agent(dice: &mut Dice) -> usize {
    let desk = ["zhouke", "zhouke", "zhouke", "wuting", "zhengyi", "fengchao", "shenyu"];
    place_of(dice.pick(&desk).copied().unwrap_or("zhouke"))
}
