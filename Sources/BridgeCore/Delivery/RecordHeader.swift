/// A header that all records of a route have.
public struct RecordHeader: Hashable, Sendable {
    /// Where the header's value comes from.
    public enum Value: Hashable, Sendable {
        /// The same bytes on every record.
        case constant(String)
        /// The record's id.
        case id
        /// The record's subject; the header is left out where there is none.
        case subject
        /// The record's own time; the header is left out where there is none.
        case time
        /// Why the record is where it is; the header is left out where there is no reason.
        case detail
    }

    /// The header's name.
    public var name: String
    /// Where its value comes from.
    public var value: Value

    /// The header `name`.
    public init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }
}
