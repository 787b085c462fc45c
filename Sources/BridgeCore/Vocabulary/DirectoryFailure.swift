/// Why resources could not be listed.
public enum DirectoryFailure: Error, Hashable, Sendable {
    /// 401: the token is bad.
    case unauthorized(reason: String)
    /// 403: the token may not list these. `reason` names the scope that is needed.
    case forbidden(reason: String)
    /// 429 after what the budget allows, 5xx, timed out, not to be understood: ask again later.
    case unavailable(reason: String)

    /// The reason, in words that are safe to print.
    public var reason: String {
        switch self {
        case .unauthorized(let reason), .forbidden(let reason), .unavailable(let reason): reason
        }
    }
}
