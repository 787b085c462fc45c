extension JSONScanner {
    /// Appends the valid JSON text in `range` without the space between its tokens.
    func appendCompact(_ range: Range<Int>, to bytes: inout [UInt8]) {
        var isInString = false
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = self.byte(at: index)
            switch byte {
            case UInt8(ascii: "\\"):
                bytes.append(byte)
                index += 1
                bytes.append(self.byte(at: index))
            case UInt8(ascii: "\""):
                isInString.toggle()
                bytes.append(byte)
            case 0x20, 0x09, 0x0A, 0x0D:
                if isInString { bytes.append(byte) }
            default:
                bytes.append(byte)
            }
            index += 1
        }
    }
}
