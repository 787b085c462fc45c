import Synchronization
import Testing

/// The answers that a server gives, one a request, in order; what was not asked for fails the test.
final class PlannedAnswers: Sendable {
    enum Step: Sendable {
        case answer(Int, headers: [String] = [], body: String = "{}")
        /// Bytes as they are, and then nothing more.
        case raw(String)
        /// Bytes as they are, again and again, until the client is gone.
        case endless(head: String, part: String)
        /// Bytes as they are, and then the connection ends.
        case cut(String)
        /// The connection ends without an answer.
        case drop
    }

    private struct State {
        var steps: ArraySlice<Step>
        var heads: [String] = []
        var listeners: [AsyncStream<Int>.Continuation] = []
    }

    private let state: Mutex<State>

    init(_ steps: [Step]) {
        self.state = Mutex(State(steps: steps[...]))
    }

    /// The heads of the requests that came so far.
    var heads: [String] { self.state.withLock { $0.heads } }

    /// What stands behind `GET` in each request that came so far.
    var targets: [String] { self.heads.map { String($0.split(separator: " ")[1]) } }

    /// Returns once `count` requests came.
    func waitForRequests(_ count: Int) async {
        let (counts, listener) = AsyncStream<Int>.makeStream()
        let soFar = self.state.withLock { state in
            state.listeners.append(listener)
            return state.heads.count
        }
        guard soFar < count else { return }
        for await number in counts where number >= count { return }
    }

    /// Plays one connection.
    func play(_ peer: inout RawPeer) async throws {
        let head = try await peer.request().head
        let (step, count, listeners) = self.state.withLock { state in
            state.heads.append(head)
            return (state.steps.popFirst(), state.heads.count, state.listeners)
        }
        for listener in listeners { listener.yield(count) }
        switch step {
        case .answer(let status, let headers, let body):
            try await peer.answer(status: status, headers: headers, body: body)
        case .raw(let text):
            try await peer.send(text)
            try await peer.waitForEnd()
        case .cut(let text):
            try await peer.send(text)
        case .endless(let head, let part):
            try await peer.send(head)
            while true { try await peer.send(part) }
        case .drop:
            return
        case nil:
            Issue.record("a request that was not planned: \(head.prefix { $0 != "\r\n" })")
        }
    }

    /// Fails the test where an answer was planned that nobody asked for.
    func expectAllPlayed() {
        let rest = self.state.withLock { $0.steps.count }
        #expect(rest == 0, "\(rest) planned answers were not asked for")
    }
}
