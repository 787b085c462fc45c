import Foundation

/// The lines of standard input, without holding a thread of the cooperative pool while none comes.
enum StandardInput {
    /// Ends with the input. A thread that waits for a line ends with the process.
    static func lines() -> AsyncStream<String> {
        AsyncStream { continuation in
            let thread = Thread {
                while let line = readLine() { continuation.yield(line) }
                continuation.finish()
            }
            thread.start()
        }
    }
}
