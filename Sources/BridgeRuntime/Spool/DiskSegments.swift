internal import BridgeCore
internal import Locking

/// Segments as files of a folder of their own, for their owner's eyes only. A lock keeps a second process out.
final class DiskSegments: SpoolMedium {
    private struct Open {
        var first: UInt64
        var descriptor: Int32
    }

    private let directory: String
    private let lockDescriptor: Locked<Int32?>
    /// The segment that is written to. Only the spool's writer uses it.
    private let open = Locked(Open?.none)

    /// What keeps the cursor's place on the disk before there is one.
    private static let cursorPlace = Array("spool-cursor none\n".utf8)

    private var cursorPath: String { self.directory + "/cursor" }

    /// Opens the folder, making it if need be, and locks it. `sync` makes durable what was made in a folder.
    init(
        directory: String,
        sync: (_ folder: String) throws(DurableFile.Failure) -> Void = DurableFile.syncDirectory
    ) throws(SpoolMediumFailure) {
        self.directory = directory
        do {
            try DurableFile.makeFolder(directory, sync: sync)
            self.lockDescriptor = Locked(try DurableFile.lock(directory + "/.lock"))
        } catch {
            throw Self.failure(error, of: directory)
        }
        // Taken while there is room: whoever commits makes room, and must not need any.
        if (try? DurableFile.read(self.cursorPath, maxBytes: SpoolCursor.byteCountMax)) == .some(nil) {
            try? DurableFile.write(Self.cursorPlace, to: self.cursorPath)
        }
    }

    deinit {
        self.close()
    }

    func close() {
        if let open = self.open.withLock({ $0.take() }) { SegmentFile.close(open.descriptor) }
        if let descriptor = self.lockDescriptor.withLock({ $0.take() }) { DurableFile.unlock(descriptor) }
    }

    func name(of first: UInt64) -> String { self.path(of: first) }

    private func path(of first: UInt64) -> String { self.directory + "/" + SpoolSegmentHeader.name(first: first) }

    func segments() throws(SpoolMediumFailure) -> [(first: UInt64, byteCount: Int)] {
        do {
            return try SegmentFile.list(self.directory).compactMap { file in
                SpoolSegmentHeader.first(ofName: file.name).map { ($0, file.byteCount) }
            }
        } catch {
            throw Self.failure(error, of: self.directory)
        }
    }

    /// The descriptor of a segment, which is the open one from now on.
    private func descriptor(_ first: UInt64, isNew: Bool) throws(DurableFile.Failure) -> Int32 {
        let open = self.open.withLock { $0 }
        if let open, open.first == first, !isNew { return open.descriptor }
        if let open { SegmentFile.close(open.descriptor) }
        self.open.withLock { $0 = nil }
        let descriptor = try SegmentFile.open(self.path(of: first), isNew: isNew)
        self.open.withLock { $0 = Open(first: first, descriptor: descriptor) }
        return descriptor
    }

    func write(_ bytes: [UInt8], to first: UInt64, at offset: Int, isNew: Bool) throws(SpoolMediumFailure) {
        do {
            try SegmentFile.write(bytes, at: offset, to: try self.descriptor(first, isNew: isNew))
        } catch {
            throw Self.failure(error, of: self.path(of: first))
        }
    }

    func sync(_ first: UInt64, isNew: Bool) throws(SpoolMediumFailure) {
        do {
            try SegmentFile.sync(try self.descriptor(first, isNew: false))
            if isNew { try DurableFile.syncDirectory(self.directory) }
        } catch {
            throw Self.failure(error, of: self.path(of: first))
        }
    }

    func cut(_ first: UInt64, to byteCount: Int?) throws(SpoolMediumFailure) {
        do {
            if let byteCount {
                try SegmentFile.cut(try self.descriptor(first, isNew: false), to: byteCount)
            } else {
                try SegmentFile.remove(self.path(of: first))
            }
        } catch {
            throw Self.failure(error, of: self.path(of: first))
        }
    }

    func read(_ first: UInt64, from offset: Int, byteCount: Int) throws(SpoolMediumFailure) -> [UInt8] {
        do {
            return try SegmentFile.read(self.path(of: first), from: offset, byteCount: byteCount)
        } catch {
            throw Self.failure(error, of: self.path(of: first))
        }
    }

    func delete(_ first: UInt64) throws(SpoolMediumFailure) {
        do {
            try SegmentFile.remove(self.path(of: first))
        } catch {
            throw Self.failure(error, of: self.path(of: first))
        }
    }

    func cursor() throws(SpoolMediumFailure) -> [UInt8]? {
        do {
            let bytes = try DurableFile.read(self.cursorPath, maxBytes: SpoolCursor.byteCountMax)
            return bytes == Self.cursorPlace ? nil : bytes
        } catch {
            throw Self.failure(error, of: self.cursorPath)
        }
    }

    func writeCursor(_ bytes: [UInt8]) throws(SpoolMediumFailure) {
        do {
            try self.replaceCursor(bytes)
        } catch {
            guard SegmentFile.isNoSpace(error) else { throw Self.failure(error, of: self.cursorPath) }
            do {
                // What is committed makes room once it is deleted. A cursor that is torn by this means that all is delivered once more.
                try? SegmentFile.remove(self.cursorPath + ".new")
                try DurableFile.overwrite(self.cursorPath, with: bytes)
            } catch {
                throw Self.failure(error, of: self.cursorPath)
            }
        }
    }

    private func replaceCursor(_ bytes: [UInt8]) throws(DurableFile.Failure) {
        try DurableFile.write(bytes, to: self.cursorPath + ".new")
        try DurableFile.rename(self.cursorPath + ".new", to: self.cursorPath)
        try DurableFile.syncDirectory(self.directory)
    }

    private static func failure(_ failure: DurableFile.Failure, of path: String) -> SpoolMediumFailure {
        let kind: SpoolMediumFailure.Kind =
            failure.operation == "lock" ? .locked : SegmentFile.isNoSpace(failure) ? .noSpace : .failed
        return SpoolMediumFailure(kind: kind, description: "'\(path)': \(failure.description)")
    }
}
