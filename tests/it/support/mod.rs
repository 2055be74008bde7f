//! What every story stands on: the world it happens in, its people, and how they talk to the server.

pub mod answer;
pub mod child;
pub mod client;
pub mod clocks;
pub mod document;
pub mod engine;
pub mod faults;
pub mod kinds;
pub mod people;
pub mod proxy;
pub mod servers;
pub mod sql;
pub mod world;

pub use answer::Answer;
pub use client::Client;
pub use engine::Engine;
pub use world::World;

/// `story!(name, async |w: World| { … })` becomes two tests, `name::embedded` and `name::production`.
/// The world is checked when the story is over: see [`world::run`].
macro_rules! story {
    ($name:ident, $story:expr) => {
        story!($name, |_| {}, $story);
    };
    ($name:ident, $settings:expr, $story:expr) => {
        mod $name {
            #[expect(clippy::allow_attributes, reason = "not every story needs what the file imports")]
            #[allow(unused_imports)]
            use super::*;

            fn run(engine: crate::support::Engine) {
                crate::support::world::run(engine, concat!(module_path!()), $settings, $story);
            }

            #[test]
            fn embedded() {
                run(crate::support::Engine::Embedded);
            }

            #[test]
            fn production() {
                run(crate::support::Engine::Production);
            }
        }
    };
}
