import Foundation
import NIOCore
import NIOHTTP1

/// `POST /oauth/token` (S1.4, RFC 6749 section 4.4).
struct TokenEndpoint {
    static let path = "/oauth/token"

    let cloud: SimulatedCloud

    func reply(_ head: HTTPRequestHead, body: String, now: NIODeadline) -> HTTPReply {
        guard head.method == .POST else {
            return .failure(.methodNotAllowed, code: "method.not.allowed", message: "Only POST.")
        }
        guard let tenant = self.tenant(of: head) else {
            self.cloud.tokenRequestsUnattributed += 1
            return self.refusal(.unauthorized, "invalid_client", "client not found or wrong secret")
        }
        tenant.ledger.tokenRequests += 1
        let contentType = head.headers.first(name: "Content-Type")?.lowercased() ?? ""
        guard contentType.hasPrefix("application/x-www-form-urlencoded"),
            QueryParameters(form: body)?.values(of: "grant_type") == ["client_credentials"]
        else {
            return self.refusal(.badRequest, "unsupported_grant_type", "grant_type must be client_credentials")
        }
        let armed = tenant.armed.takeToken()
        if let armed { tenant.ledger.fired(armed.kind) }
        switch armed {
        case .refuse(let status):
            return self.refusal(HTTPResponseStatus(statusCode: status), "invalid_client", "this refusal was asked for")
        case .serverError(let status): return .askedFor(status)
        case .hang(let delay):
            var reply = self.issue(to: tenant, now: now)
            reply.delay = delay
            return reply
        case nil: return self.issue(to: tenant, now: now)
        }
    }

    private func issue(to tenant: TenantState, now: NIODeadline) -> HTTPReply {
        let milliseconds = self.cloud.configuration.tokenLifetimeMilliseconds
        let token = self.cloud.tokens.issue(tenant: tenant.index, expires: now + .milliseconds(Int64(milliseconds)))
        tenant.ledger.tokensIssued += 1
        return HTTPReply(
            status: .ok,
            headers: ["Cache-Control": "no-store"],
            json:
                #"{"access_token":\#(JSONText.string(token)),"token_type":"bearer","expires_in":\#(milliseconds / 1_000)}"#
        )
    }

    /// The tenant whose credentials the request has (RFC 7617).
    private func tenant(of head: HTTPRequestHead) -> TenantState? {
        let values = head.headers["Authorization"]
        guard values.count == 1, values[0].lowercased().hasPrefix("basic "),
            let data = Data(base64Encoded: String(values[0].dropFirst("basic ".count))),
            let credentials = String(validating: data, as: UTF8.self)
        else { return nil }
        let parts = credentials.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        return self.cloud.tenants.first {
            $0.settings.clientId.utf8.elementsEqual(parts[0].utf8)
                && $0.settings.clientSecret.utf8.elementsEqual(parts[1].utf8)
        }
    }

    private func refusal(_ status: HTTPResponseStatus, _ error: String, _ description: String) -> HTTPReply {
        let text = JSONText.string(description)
        return HTTPReply(
            status: status,
            json: #"{"error":\#(JSONText.string(error)),"description":\#(text),"error_description":\#(text)}"#
        )
    }
}
