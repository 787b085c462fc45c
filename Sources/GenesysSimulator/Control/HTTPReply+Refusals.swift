import NIOHTTP1

extension HTTPReply {
    static func unauthorized(_ standing: TokenRegistry.Standing) -> HTTPReply {
        switch standing {
        case .valid, .unknown: .failure(.unauthorized, code: "bad.credentials", message: "Invalid login credentials.")
        case .expired: .failure(.unauthorized, code: "token.expired", message: "The access token has expired.")
        }
    }

    /// - Parameter seconds: for `Retry-After`; nil leaves it out.
    static func rateLimited(seconds: Int?) -> HTTPReply {
        var reply = HTTPReply.failure(
            .tooManyRequests,
            code: "too.many.requests.retry.after",
            message: "Rate limit exceeded."
        )
        reply.headers["Retry-After"] = seconds.map(String.init)
        return reply
    }

    static func missingScope(_ scope: String) -> HTTPReply {
        .failure(.forbidden, code: "missing.any.permissions", message: "Missing the scope \(scope).")
    }

    /// What a fault makes the answer be.
    static func askedFor(_ status: Int) -> HTTPReply {
        let status = HTTPResponseStatus(statusCode: status)
        return .failure(status, code: "simulated", message: "This answer was asked for: \(status.reasonPhrase).")
    }
}
