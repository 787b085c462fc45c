/// Why a simulator could not start or do what it was asked.
public enum SimulatorError: Error, Equatable, CustomStringConvertible {
    /// A setting is outside its range, or contradicts another.
    case invalidConfiguration(String)
    /// No tenant has this name.
    case unknownTenant(String)
    /// The `openssl` command line tool cannot be run.
    case opensslMissing
    /// The `openssl` command line tool ended with this status and message.
    case opensslFailed(status: Int, message: String)

    /// What is wrong, and what would be right.
    public var description: String {
        switch self {
        case .invalidConfiguration(let reason): "the simulator's configuration is not usable: \(reason)"
        case .unknownTenant(let name): "the simulator has no tenant named \"\(name)\""
        case .opensslMissing:
            "the openssl command line tool was not found in PATH; it makes the simulator's certificate "
                + "(Debian and Ubuntu: apt-get install openssl)"
        case .opensslFailed(let status, let message): "openssl ended with status \(status): \(message)"
        }
    }
}
