//! Background tasks that a stop waits for.
