internal import Glibc

/// The file operations that segments need beside those of `DurableFile`. The module's other file with unsafe code: each call hands a path or
/// bytes to the C library for the length of the call.
enum SegmentFile {
    /// Opens `path` for writing. A new one takes the place of one that is there, and only its owner may read it.
    static func open(_ path: String, isNew: Bool) throws(DurableFile.Failure) -> Int32 {
        if isNew { try Self.remove(path) }
        let flags = O_WRONLY | O_CLOEXEC | (isNew ? O_CREAT | O_EXCL : 0)
        let descriptor = unsafe Glibc.open(path, flags, 0o600)
        guard descriptor >= 0 else { throw DurableFile.Failure(operation: "open", code: errno) }
        return descriptor
    }

    static func close(_ descriptor: Int32) {
        _ = Glibc.close(descriptor)
    }

    /// Writes all of `content` from `offset` on.
    static func write(_ content: [UInt8], at offset: Int, to descriptor: Int32) throws(DurableFile.Failure) {
        var written = 0
        while written < content.count {
            let count = unsafe content.withUnsafeBytes { bytes in
                unsafe pwrite(descriptor, bytes.baseAddress! + written, bytes.count - written, off_t(offset + written))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw DurableFile.Failure(operation: "write", code: errno) }
            written += count
        }
    }

    /// Makes what was written durable, with the file's size. Never called again for what it failed for: the kernel may have forgotten it.
    static func sync(_ descriptor: Int32) throws(DurableFile.Failure) {
        guard fdatasync(descriptor) == 0 else { throw DurableFile.Failure(operation: "sync", code: errno) }
    }

    static func cut(_ descriptor: Int32, to byteCount: Int) throws(DurableFile.Failure) {
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else {
            throw DurableFile.Failure(operation: "cut", code: errno)
        }
    }

    /// At most `byteCount` bytes of `path` from `offset` on; none where there is no such file.
    static func read(_ path: String, from offset: Int, byteCount: Int) throws(DurableFile.Failure) -> [UInt8] {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return [] }
            throw DurableFile.Failure(operation: "open", code: errno)
        }
        defer { _ = Glibc.close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        let expected = max(0, min(byteCount, Int(size) - offset))
        var content = [UInt8](repeating: 0, count: expected)
        var count = 0
        while count < expected {
            let read = unsafe content.withUnsafeMutableBytes { bytes in
                unsafe pread(descriptor, bytes.baseAddress! + count, expected - count, off_t(offset + count))
            }
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else { throw DurableFile.Failure(operation: "read", code: errno) }
            if read == 0 { break }
            count += read
        }
        content.removeLast(expected - count)
        return content
    }

    /// Removes `path`, if it is there.
    static func remove(_ path: String) throws(DurableFile.Failure) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw DurableFile.Failure(operation: "remove", code: errno)
        }
    }

    /// The names and sizes of the files in a folder.
    static func list(_ path: String) throws(DurableFile.Failure) -> [(name: String, byteCount: Int)] {
        guard let folder = unsafe opendir(path) else {
            throw DurableFile.Failure(operation: "read folder", code: errno)
        }
        defer { unsafe closedir(folder) }
        var files: [(name: String, byteCount: Int)] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            var status = stat()
            guard unsafe fstatat(dirfd(folder), name, &status, 0) == 0 else { continue }
            files.append((name, Int(status.st_size)))
        }
        return files
    }

    /// Whether a failure says that there is no room.
    static func isNoSpace(_ failure: DurableFile.Failure) -> Bool { failure.code == ENOSPC || failure.code == EDQUOT }
}
