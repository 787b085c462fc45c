extension StreamProtocol {
    /// Reports those of `keys` that `reader` has: they are the other dialect's.
    func refuse(_ keys: [String], of reader: MappingReader) {
        let other: StreamProtocol =
            switch self {
            case .stream: .channels
            case .channels: .stream
            }
        reader.reportMisplaced(
            keys,
            "is of protocol: \(other.rawValue), and this tenant's is \(self.rawValue)",
            "leave it out"
        )
    }
}
