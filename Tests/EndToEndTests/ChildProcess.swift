import Foundation
import Synchronization

/// A process that is waited for, with its input as a socket and its output in files.
///
/// Not Foundation's: that one tells of an end only when every process that was started meanwhile has ended too, for they inherit the socket
/// on which it listens; and its handlers for pipes crash now and then when a handle goes away under them.
final class ChildProcess: Sendable {
    /// Nil while it runs. Also the waiting thread's, which does not keep the process object.
    private final class Ending: Sendable {
        let status = Mutex<Int32?>(nil)
    }

    let identifier: pid_t
    private let input: FileHandle
    private let ending = Ending()

    struct CannotStart: Error {
        var code: Int32
    }

    /// Starts `executable`. Its output goes to new files at `output` and `errors`.
    init(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String],
        output: String,
        errors: String
    ) throws {
        // Whoever writes to a process that has ended gets an error, and no signal.
        _ = Foundation.signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [-1, -1]
        // Closed in whatever else is started, from the first moment on: a pipe cannot be made so here.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw CannotStart(code: errno) }
        defer { close(ends[0]) }
        self.input = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        for (descriptor, path) in [(1, output), (2, errors)] as [(Int32, String)] {
            let flags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
            posix_spawn_file_actions_addopen(&actions, descriptor, path, flags, 0o600)
        }
        // Sockets of a broker or a server in this process would stay open there when they are closed here.
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            guard let descriptor = Int32(name), descriptor > 2 else { continue }
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

        var identifier = pid_t()
        let words = ([executable] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        let code = posix_spawn(&identifier, executable, &actions, &attributes, words, variables)
        guard code == 0 else { throw CannotStart(code: code) }
        self.identifier = identifier
        Thread.detachNewThread { [identifier, ending] in Self.wait(for: identifier, ending) }
    }

    /// Waits without taking the end, and takes it under the lock under which signals are sent: no signal goes to another process that has
    /// got the number since.
    private static func wait(for identifier: pid_t, _ ending: Ending) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        ending.status.withLock { ended in
            var status: Int32 = 0
            while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7f
            ended = signal == 0 ? (status >> 8) & 0xff : signal
        }
    }

    /// The exit status, or the number of the signal that ended it; nil while it runs.
    var status: Int32? { self.ending.status.withLock(\.self) }

    /// Nothing happens once it has ended.
    func signal(_ number: Int32) {
        self.ending.status.withLock { status in
            if status == nil { _ = Foundation.kill(self.identifier, number) }
        }
    }

    func write(_ bytes: Data) throws {
        try self.input.write(contentsOf: bytes)
    }
}
