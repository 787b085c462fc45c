/// What is in `event-schemas.json`: the field lists of Genesys' own SDK.
struct SchemaDocument: Decodable {
    /// One field of a class.
    struct Field: Decodable {
        /// `str`, `int`, `float`, `bool`, `datetime`, `object`, the name of a class, `list[…]` or `dict(str, …)`.
        var type: String
        /// The values that the SDK knows.
        var `enum`: [String]?
    }

    /// Where it is from.
    var derivedFrom: String
    /// The class of the event body, by topic template.
    var topics: [String: String]
    /// The fields by class and name.
    var classes: [String: [String: Field]]
}
