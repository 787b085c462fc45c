import Foundation
import Locking

/// Standard output or standard error, line by line: lines of different tasks never mix.
final class StandardStream: Sendable {
    static let output = StandardStream(.standardOutput)
    static let error = StandardStream(.standardError)

    private let handle: Locked<FileHandle>

    private init(_ handle: FileHandle) {
        self.handle = Locked(handle)
    }

    /// Writes `bytes`, which end with a line end. A closed stream swallows them: there is nowhere left to say it.
    func write(_ bytes: [UInt8]) {
        self.handle.withLock { handle in
            try? handle.write(contentsOf: bytes)
        }
    }

    /// Writes `line` and a line end.
    func write(line: String) {
        self.write(Array("\(line)\n".utf8))
    }
}
