/// Why a simulator could not start or do what it was asked.
public enum SimulatorError: Error, Equatable, CustomStringConvertible {
    /// A setting is outside its range, or contradicts another.
    case invalidConfiguration(String)
    /// No tenant has this name.
    case unknownTenant(String)
    /// The tenant has no resource of this identifier, or has it no more.
    case unknownResource(String)
    /// The tenant has a resource of this identifier already.
    case resourceExists(String)
    /// The tenant would have no resource left: forbid it instead.
    case lastResource(String)
    /// The `openssl` command line tool cannot be run.
    case opensslMissing
    /// The `openssl` command line tool ended with this status and message.
    case opensslFailed(status: Int, message: String)

    /// What is wrong, and what would be right.
    public var description: String {
        switch self {
        case .invalidConfiguration(let reason): "the simulator's configuration is not usable: \(reason)"
        case .unknownTenant(let name): "the simulator has no tenant named \"\(name)\""
        case .unknownResource(let resourceId): "the tenant has no resource \"\(resourceId)\""
        case .resourceExists(let resourceId): "the tenant has a resource \"\(resourceId)\" already"
        case .lastResource(let resourceId):
            "\"\(resourceId)\" is the tenant's last resource: make it forbidden instead, or create another one first"
        case .opensslMissing:
            "the openssl command line tool was not found in PATH; it makes the simulator's certificate "
                + "(Debian and Ubuntu: apt-get install openssl)"
        case .opensslFailed(let status, let message): "openssl ended with status \(status): \(message)"
        }
    }

    /// Whether it is about something that is not there.
    var isAbsence: Bool {
        switch self {
        case .unknownTenant, .unknownResource: true
        case .invalidConfiguration, .resourceExists, .lastResource, .opensslMissing, .opensslFailed: false
        }
    }
}
