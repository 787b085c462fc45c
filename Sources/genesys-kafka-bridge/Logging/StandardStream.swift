import Foundation
import Locking

/// Standard output or standard error, line by line: lines of different tasks never mix.
final class StandardStream: Sendable {
    static let output = StandardStream(.standardOutput)
    static let error = StandardStream(.standardError)

    /// Why something could not be written.
    enum Failure: Hashable, Sendable {
        /// Nobody reads it any more.
        case closed
        case failed(String)
    }

    private let handle: Locked<FileHandle>

    init(_ handle: FileHandle) {
        self.handle = Locked(handle)
    }

    /// Writes `bytes`, which end with a line end. Returns why they could not be written, if so: a log line that has nowhere to go has nowhere to
    /// say it.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Failure? {
        self.handle.withLock { handle in
            do {
                try handle.write(contentsOf: bytes)
                return nil
            } catch {
                let code = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError).code
                return code == Int(EPIPE) ? .closed : .failed(error.localizedDescription)
            }
        }
    }

    /// Writes `line` and a line end.
    func write(line: String) {
        self.write(Array("\(line)\n".utf8))
    }
}
