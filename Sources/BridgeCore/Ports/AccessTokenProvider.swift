/// Hands out the current token of one tenant. Tokens are fetched by their own task, never by a reconnect (S1.5).
public protocol AccessTokenProvider: Sendable {
    /// The current token, or the next one where there is none yet, the last was marked bad, or its serial is not above `serial`. Waits
    /// as long as it takes; throws only `CancellationError`.
    func token(newerThan serial: Int?) async throws -> AccessToken

    /// Says that the server refused `token`. However many sockets say it of the same token, one new token is asked for.
    func markBad(_ token: AccessToken) async
}
