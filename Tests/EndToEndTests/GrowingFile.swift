import Foundation
import Synchronization

/// A file that somebody writes to the end of: what it had is kept, and each look reads on.
final class GrowingFile: Sendable {
    private struct State {
        let handle: FileHandle
        var bytes: [UInt8] = []
    }

    private let state: Mutex<State>

    init(_ file: URL) throws {
        let handle = try FileHandle(forReadingFrom: file)
        self.state = Mutex(State(handle: handle))
    }

    /// All that it has by now.
    var bytes: [UInt8] {
        self.state.withLock { state in
            if let more = try? state.handle.readToEnd() { state.bytes += more }
            return state.bytes
        }
    }
}
