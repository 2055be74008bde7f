//! What a learner sees and does: courses with their progress, verified watching, quizzes, certificates.

pub mod model;
