internal import CRdKafka

/// A header template in C's form: names and constants in memory that stays where it is.
@safe final class HeaderTemplate {
    let headers: UnsafeMutableBufferPointer<crk_header_t>
    private let texts: [UnsafeMutableRawBufferPointer]

    /// - Throws: `.invalidArgument` for an empty name or a slot that a record does not have.
    init(_ source: [KafkaHeader]) throws(KafkaError) {
        for header in source {
            if header.name.isEmpty {
                throw KafkaError(code: .invalidArgument, reason: "a header without a name", action: .configuration)
            }
            if case .slot(let slot) = header.value, !(0..<KafkaHeader.slotCount).contains(slot) {
                throw KafkaError(
                    code: .invalidArgument,
                    reason: "header \"\(header.name)\": slot \(slot) is not one of 0 to \(KafkaHeader.slotCount - 1)",
                    action: .configuration
                )
            }
        }
        var texts: [UnsafeMutableRawBufferPointer] = unsafe []
        unsafe self.headers = .allocate(capacity: source.count)
        for (index, header) in source.enumerated() {
            let name = unsafe Self.copy(header.name.utf8)
            unsafe texts.append(name)
            var entry = unsafe crk_header_t(
                name: UnsafePointer(name.baseAddress!.assumingMemoryBound(to: CChar.self)),
                name_length: header.name.utf8.count,
                constant: crk_bytes_t(),
                slot: -1
            )
            switch header.value {
            case .constant(let bytes):
                let constant = unsafe Self.copy(bytes)
                unsafe texts.append(constant)
                unsafe entry.constant = crk_bytes_t(start: constant.baseAddress, length: bytes.count)
            case .slot(let slot):
                unsafe entry.slot = Int32(slot)
            }
            unsafe self.headers.initializeElement(at: index, to: entry)
        }
        unsafe self.texts = texts
    }

    deinit {
        unsafe self.texts.forEach { unsafe $0.deallocate() }
        unsafe self.headers.deallocate()
    }

    /// Zero-terminated, so that even nothing has an address.
    private static func copy(_ bytes: some Collection<UInt8>) -> UnsafeMutableRawBufferPointer {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + 1, alignment: 1)
        unsafe copy.copyBytes(from: bytes)
        unsafe copy[bytes.count] = 0
        return unsafe copy
    }
}
