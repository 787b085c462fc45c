internal import Locking

/// Segments in memory: they survive Kafka's outage, and not the process.
final class MemorySegments: SpoolMedium {
    private struct State {
        var segments: [UInt64: [UInt8]] = [:]
        var cursor: [UInt8]?
    }

    private let state = Locked(State())

    func segments() -> [(first: UInt64, byteCount: Int)] {
        self.state.withLock { state in state.segments.map { ($0.key, $0.value.count) } }
    }

    func write(_ bytes: [UInt8], to first: UInt64, at offset: Int, isNew: Bool) {
        self.state.withLock { state in
            if isNew {
                state.segments[first] = bytes
            } else {
                state.segments[first]?.append(contentsOf: bytes)
            }
        }
    }

    func sync(_ first: UInt64, isNew: Bool) {}

    func cut(_ first: UInt64, to byteCount: Int?) {
        self.state.withLock { state in
            guard let byteCount else {
                state.segments[first] = nil
                return
            }
            let count = state.segments[first]?.count ?? 0
            state.segments[first]?.removeLast(max(0, count - byteCount))
        }
    }

    func read(_ first: UInt64, from offset: Int, byteCount: Int) -> [UInt8] {
        self.state.withLock { state in
            guard let bytes = state.segments[first], offset < bytes.count else { return [] }
            return Array(bytes[offset..<min(bytes.count, offset + byteCount)])
        }
    }

    func delete(_ first: UInt64) { self.state.withLock { $0.segments[first] = nil } }

    func cursor() -> [UInt8]? { self.state.withLock { $0.cursor } }

    func writeCursor(_ bytes: [UInt8]) { self.state.withLock { $0.cursor = bytes } }

    func close() {}

    func name(of first: UInt64) -> String { "segment \(first) in memory" }
}
