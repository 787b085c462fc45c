internal import Glibc

/// The file operations that durability needs and that Foundation does not have. One of the module's two files with unsafe code: each
/// call hands a path or bytes to the C library for the length of the call.
enum DurableFile {
    /// A failed system call.
    struct Failure: Error {
        /// What was tried.
        var operation: String
        /// `errno`.
        var code: Int32

        var description: String {
            let text = unsafe strerror(self.code).map { unsafe String(cString: $0) } ?? "error \(self.code)"
            return "\(self.operation): \(text)"
        }
    }

    /// Opens `path`, creating it if need be, and takes an exclusive lock that ends with the process or with `close`.
    static func lock(_ path: String) throws(Failure) -> Int32 {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(operation: "open", code: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            _ = Glibc.close(descriptor)
            throw Failure(operation: "lock", code: code)
        }
        return descriptor
    }

    /// Gives up a lock, also where a process that is being started has a copy of the descriptor until it is another program.
    static func unlock(_ descriptor: Int32) {
        _ = flock(descriptor, LOCK_UN)
        _ = Glibc.close(descriptor)
    }

    /// The whole content of `path`, at most `maxBytes`; nil where there is no such file.
    static func read(_ path: String, maxBytes: Int) throws(Failure) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Failure(operation: "open", code: errno)
        }
        defer { _ = Glibc.close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while content.count <= maxBytes {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return content }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(operation: "read", code: errno) }
            content.append(contentsOf: chunk[..<count])
        }
        throw Failure(operation: "read", code: EFBIG)
    }

    /// Writes `content` to `path` and syncs it.
    static func write(_ content: [UInt8], to path: String) throws(Failure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(operation: "open", code: errno) }
        defer { _ = Glibc.close(descriptor) }
        try Self.write(content, to: descriptor)
        guard fsync(descriptor) == 0 else { throw Failure(operation: "sync", code: errno) }
    }

    /// Writes `content` over that of `path`, which is there, and syncs it. Needs no room on the disk where the old content had as much; where the
    /// machine stops meanwhile, it may be neither the old content nor the new one.
    static func overwrite(_ path: String, with content: [UInt8]) throws(Failure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(operation: "open", code: errno) }
        defer { _ = Glibc.close(descriptor) }
        try Self.write(content, to: descriptor)
        guard ftruncate(descriptor, content.count) == 0 else { throw Failure(operation: "cut", code: errno) }
        guard fsync(descriptor) == 0 else { throw Failure(operation: "sync", code: errno) }
    }

    private static func write(_ content: [UInt8], to descriptor: Int32) throws(Failure) {
        var written = 0
        while written < content.count {
            let count = unsafe content.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(operation: "write", code: errno) }
            written += count
        }
    }

    /// Puts `source` in the place of `target`, at once or not at all.
    static func rename(_ source: String, to target: String) throws(Failure) {
        guard unsafe Glibc.rename(source, target) == 0 else { throw Failure(operation: "rename", code: errno) }
    }

    /// Makes a folder that only its owner may read, and those above it that are not there. The name of each is durable before anything is
    /// made in it: what a folder holds is no more durable than its own name. One that is there is left as it is.
    static func makeFolder(
        _ path: String,
        sync: (_ folder: String) throws(Failure) -> Void = Self.syncDirectory
    ) throws(Failure) {
        if unsafe mkdir(path, 0o700) == 0 { return try sync(Self.folder(above: path)) }
        switch errno {
        case EEXIST:
            var status = stat()
            guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw Failure(operation: "make folder", code: ENOTDIR)
            }
        case ENOENT where Self.folder(above: path) != ".":
            try Self.makeFolder(Self.folder(above: path), sync: sync)
            // Once: some file systems say so although the folder above it is there.
            guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw Failure(operation: "make folder", code: errno)
            }
            try sync(Self.folder(above: path))
        case let code: throw Failure(operation: "make folder", code: code)
        }
    }

    /// The folder that `path` is in.
    static func folder(above path: String) -> String {
        let below = path.reversed().drop { $0 == "/" }
        let name = below.prefix { $0 != "/" }
        let above = below.dropFirst(name.count).drop { $0 == "/" }
        if above.isEmpty { return path.hasPrefix("/") ? "/" : "." }
        return String(above.reversed())
    }

    /// Makes what was made or renamed in the folder `path` durable.
    static func syncDirectory(_ path: String) throws(Failure) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(operation: "open folder", code: errno) }
        defer { _ = Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Failure(operation: "sync folder", code: errno) }
    }
}
