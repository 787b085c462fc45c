import BridgeCore

/// Why the REST API gave no answer that can be used.
struct RESTFailure: Error, Hashable {
    /// What to do about it.
    enum Kind: Hashable {
        /// 401: the token is bad.
        case unauthorized
        /// 403: the token may not.
        case forbidden
        /// 404.
        case notFound
        /// 429: not before the budget says so.
        case throttled
        /// 5xx, no answer in time, no connection: the same request may do later.
        case transient
        /// 400 and the other 4xx: the API has answered, and the same request would get the same answer.
        case refused
        /// What came is no answer of the API's own: a redirect, a proxy's 407, no HTTP, too much, no JSON of the kind. Nothing that is sent again
        /// at once would change that; but whatever stands in between may be gone a little later.
        case unusable
        /// The task was cancelled.
        case cancelled
    }

    /// What to do about it.
    var kind: Kind
    /// Safe to print.
    var reason: String
    /// How long the server asks to be left alone.
    var retryAfterSeconds: Int?

    /// A failure of `kind`.
    init(_ kind: Kind, _ reason: String, retryAfterSeconds: Int? = nil) {
        self.kind = kind
        self.reason = reason
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// What `answer` means; nil where it is 2xx. `nowSeconds` since 1970 is for a `Retry-After` that is a date.
    init?(_ answer: HTTPAnswer, hiding secrets: [Secret], nowSeconds: Int64) {
        let kind: Kind
        switch answer.status {
        case 200...299: return nil
        case 401: kind = .unauthorized
        case 403: kind = .forbidden
        case 404: kind = .notFound
        case 429: kind = .throttled
        case 408, 500...599: kind = .transient
        case 407: kind = .unusable
        case 400...499: kind = .refused
        default: kind = .unusable
        }
        self.init(
            kind,
            answer.complaint(hiding: secrets),
            retryAfterSeconds: answer.retryAfterSeconds(nowSeconds: nowSeconds)
        )
    }

    /// What an exchange without an answer means.
    init(_ failure: HTTPExchange.Failure, hiding secrets: [Secret]) {
        let kind: Kind
        switch failure {
        case .cancelled: kind = .cancelled
        case .timedOut, .broken: kind = .transient
        case .tooLarge, .notHTTP, .closed: kind = .unusable
        }
        self.init(kind, PeerText.shown("\(failure)", hiding: secrets))
    }

    /// A 2xx answer whose body is not what was asked for.
    init(unreadable body: [UInt8], _ reason: String) {
        let isPage = ServerMessage.isPage(body)
        let what = isPage ? "an HTML page came instead of JSON; is there a proxy or a login page in between?" : reason
        self.init(.unusable, what)
    }
}
