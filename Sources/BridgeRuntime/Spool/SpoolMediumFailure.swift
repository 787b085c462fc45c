/// A call of a spool's medium that failed.
struct SpoolMediumFailure: Error {
    /// What to do about it.
    enum Kind {
        /// There is no room: what is deleted may make some.
        case noSpace
        /// Another process has it.
        case locked
        /// Anything else.
        case failed
    }

    /// What to do about it.
    var kind: Kind
    /// What was tried and what the system said.
    var description: String
}
