import BridgeCore
import Foundation
import Synchronization

@testable import BridgeRuntime

/// Segments on the disk whose calls are counted, held up and made to fail, and of which copies are made as a crash leaves them.
final class TrackedSegments: SpoolMedium {
    /// A call that can be made to fail.
    enum Call: String {
        case write, sync, cursor, delete, read
    }

    private struct State {
        var failures: [Call: [SpoolMediumFailure.Kind]] = [:]
        var calls: [String] = []
        /// What a power loss leaves of each segment.
        var synced: [UInt64: Int] = [:]
        var isHolding = false
    }

    private let disk: DiskSegments
    private let folder: String
    private let state = Mutex(State())
    private let held = NSCondition()

    init(_ folder: String) throws(SpoolMediumFailure) {
        self.disk = try DiskSegments(directory: folder)
        self.folder = folder
        for segment in try self.disk.segments() {
            self.state.withLock { $0.synced[segment.first] = segment.byteCount }
        }
    }

    /// The next calls of a kind fail.
    func fail(_ call: Call, _ kinds: [SpoolMediumFailure.Kind]) { self.state.withLock { $0.failures[call] = kinds } }

    /// The calls so far, with their segments.
    var calls: [String] { self.state.withLock { $0.calls } }

    /// No sync returns while this is so.
    func hold(_ isHolding: Bool) {
        self.state.withLock { $0.isHolding = isHolding }
        self.held.lock()
        self.held.broadcast()
        self.held.unlock()
    }

    private func pass(_ call: Call, _ first: UInt64 = 0) throws(SpoolMediumFailure) {
        let kind = self.state.withLock { state -> SpoolMediumFailure.Kind? in
            state.calls.append("\(call.rawValue) \(first)")
            guard var kinds = state.failures[call], !kinds.isEmpty else { return nil }
            defer { state.failures[call] = kinds }
            return kinds.removeFirst()
        }
        if let kind { throw SpoolMediumFailure(kind: kind, description: "planned") }
    }

    /// A copy of the folder as it is, or as a power loss leaves it: with `unsynced` of 255 parts of what was not synced.
    func copy(unsynced: Int?) throws -> String {
        let copy = self.folder + "-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: self.folder) where name != ".lock" {
            var bytes = try Data(contentsOf: URL(fileURLWithPath: self.folder + "/" + name))
            if let unsynced, let first = SpoolSegmentHeader.first(ofName: name) {
                let synced = self.state.withLock { $0.synced[first] }
                guard let synced else {
                    // Not even its name is durable.
                    if unsynced == 0 { continue }
                    try bytes.prefix(bytes.count * unsynced / 255).write(to: URL(fileURLWithPath: copy + "/" + name))
                    continue
                }
                bytes = bytes.prefix(synced + (bytes.count - synced) * unsynced / 255)
            }
            try bytes.write(to: URL(fileURLWithPath: copy + "/" + name))
        }
        return copy
    }

    func segments() throws(SpoolMediumFailure) -> [(first: UInt64, byteCount: Int)] { try self.disk.segments() }

    func write(_ bytes: [UInt8], to first: UInt64, at offset: Int, isNew: Bool) throws(SpoolMediumFailure) {
        if isNew { self.state.withLock { $0.synced[first] = nil } }
        try self.pass(.write, first)
        try self.disk.write(bytes, to: first, at: offset, isNew: isNew)
    }

    func sync(_ first: UInt64, isNew: Bool) throws(SpoolMediumFailure) {
        try self.pass(.sync, first)
        self.held.lock()
        while self.state.withLock({ $0.isHolding }) { self.held.wait() }
        self.held.unlock()
        try self.disk.sync(first, isNew: isNew)
        let byteCount = try self.disk.segments().first { $0.first == first }?.byteCount
        self.state.withLock { $0.synced[first] = byteCount }
    }

    func cut(_ first: UInt64, to byteCount: Int?) throws(SpoolMediumFailure) {
        try self.disk.cut(first, to: byteCount)
    }

    func read(_ first: UInt64, from offset: Int, byteCount: Int) throws(SpoolMediumFailure) -> [UInt8] {
        try self.pass(.read, first)
        return try self.disk.read(first, from: offset, byteCount: byteCount)
    }

    func delete(_ first: UInt64) throws(SpoolMediumFailure) {
        try self.pass(.delete, first)
        try self.disk.delete(first)
    }

    func cursor() throws(SpoolMediumFailure) -> [UInt8]? { try self.disk.cursor() }

    func writeCursor(_ bytes: [UInt8]) throws(SpoolMediumFailure) {
        try self.pass(.cursor)
        try self.disk.writeCursor(bytes)
    }

    func close() { self.disk.close() }

    func name(of first: UInt64) -> String { self.disk.name(of: first) }
}
