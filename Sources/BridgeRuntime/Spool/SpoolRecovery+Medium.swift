internal import BridgeCore
internal import Logging

extension SpoolRecovery {
    /// Finds what a predecessor left, and makes it durable: it may have been killed between a write and its sync. Blocks.
    init(of medium: any SpoolMedium) throws {
        let files = try medium.segments().sorted { $0.first < $1.first }
        for file in files {
            let header = try medium.read(file.first, from: 0, byteCount: SpoolSegmentHeader.byteCount)
            guard case .version(let version) = SpoolSegmentHeader.read(header, first: file.first) else { continue }
            throw Self.otherVersion(medium.name(of: file.first), "\(version)")
        }
        var cursor: SpoolCursor?
        var cursorWasDamaged = false
        do {
            cursor = try medium.cursor().map { (bytes) throws(SpoolCursor.Defect) in try SpoolCursor(bytes) }
        } catch let defect as SpoolCursor.Defect {
            switch defect {
            case .damaged: cursorWasDamaged = true
            case .version(let version): throw Self.otherVersion("the cursor", version)
            }
        }
        let newest = try files.last.map { (file) throws(SpoolMediumFailure) in
            try medium.sync(file.first, isNew: true)
            return try medium.read(file.first, from: 0, byteCount: file.byteCount)
        }
        self.init(files: files, last: newest ?? [], cursor: cursor)
        self.cursorWasDamaged = cursorWasDamaged
        for segment in self.segments.dropLast().reversed() {
            guard self.coveredUntilMilliseconds == cursor?.coveredUntilMilliseconds else { break }
            let bytes = try medium.read(segment.first, from: 0, byteCount: segment.byteCount)
            if self.findMark(in: bytes, of: segment) { break }
        }
        do {
            // A folder that cannot be written shall be known now. A full one may become empty again.
            let known = SpoolCursor(
                committed: self.committed,
                coveredUntilMilliseconds: cursor?.coveredUntilMilliseconds
            )
            try medium.writeCursor(known.bytes)
        } catch {
            guard case .noSpace = error.kind else { throw error }
        }
    }

    private static func otherVersion(_ name: String, _ version: String) -> SpoolError {
        SpoolError(
            kind: .unreadable,
            description:
                "\(name) has version \(version), which this build does not know: run the build that wrote it until "
                + "its spool is empty, or remove the spool's folder (what is in it is then not delivered)"
        )
    }

    func log(to logger: Logger) {
        if self.cursorWasDamaged {
            logger.warning("the spool's cursor cannot be read: everything in the spool is delivered once more")
        }
        if self.tornByteCount > 0 {
            logger.warning(
                "the last bytes of the spool were never confirmed and are left out; the gap record of the restart covers them",
                metadata: ["bytes": "\(self.tornByteCount)"]
            )
        }
        if self.missingEntries > 0 {
            logger.error(
                "confirmed entries of the spool cannot be read",
                metadata: ["entries": "\(self.missingEntries)"]
            )
        }
    }
}
