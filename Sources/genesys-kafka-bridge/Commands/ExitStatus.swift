/// How the process ends, after sysexits.
enum ExitStatus: Int32, Sendable {
    case success = 0
    /// The command line is wrong (EX_USAGE).
    case usage = 64
    /// Something that is needed is not available (EX_UNAVAILABLE).
    case unavailable = 69
    /// A mistake in this program (EX_SOFTWARE).
    case internalError = 70
    /// What was to be printed could not be written (EX_IOERR).
    case outputFailed = 74
    /// The configuration is wrong (EX_CONFIG).
    case configuration = 78
}
