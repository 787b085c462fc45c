/// Texts one behind the other, and where each stands.
struct TextParts {
    var bytes: [UInt8] = []
    var ranges: [ByteRange] = []

    init(_ texts: [String]) {
        for text in texts {
            let start = self.bytes.count
            self.bytes += Array(text.utf8)
            self.ranges.append(ByteRange(offset: UInt32(start), length: UInt32(self.bytes.count - start)))
        }
    }
}
