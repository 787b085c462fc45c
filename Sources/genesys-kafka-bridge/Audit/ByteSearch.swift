/// Finds text in the bytes of records.
enum ByteSearch {
    /// Where the next `name` ends, if a byte follows it; nil where there is none from `first` on.
    static func end(of name: [UInt8], in span: Span<UInt8>, from first: Int) -> Int? {
        var start = first
        while start + name.count < span.count {
            var matched = 0
            while matched < name.count, span[start + matched] == name[matched] { matched += 1 }
            if matched == name.count { return start + matched }
            start += 1
        }
        return nil
    }
}
