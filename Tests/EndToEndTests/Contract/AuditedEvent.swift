import Foundation

/// An event of the simulator, read from bytes in Kafka: records and dead letters, whole or cut.
struct AuditedEvent: Hashable {
    /// Which event it is: the n-th of its resource.
    struct Place: Hashable {
        var resource: String
        var number: Int
    }

    var place: Place
    var sequence: Int

    private static let identifier = Data(#""eventBody":{"id":""#.utf8)
    private static let sequenceName = Data(#""sequence":"#.utf8)
    private static let numberName = Data(#""keySequence":"#.utf8)

    /// All events in `bytes`, in their order.
    static func all(in bytes: [UInt8]) -> [AuditedEvent] {
        let data = Data(bytes)
        var result: [AuditedEvent] = []
        var from = 0
        while let start = data.range(of: self.identifier, in: from..<data.count)?.upperBound {
            from = start
            guard let quote = data[start...].firstIndex(of: UInt8(ascii: "\"")),
                let sequence = self.number(behind: self.sequenceName, in: data, from: quote),
                let number = self.number(behind: self.numberName, in: data, from: sequence.end)
            else { continue }
            let resource = String(decoding: data[start..<quote], as: UTF8.self)
            result.append(
                AuditedEvent(place: Place(resource: resource, number: number.value), sequence: sequence.value)
            )
            from = number.end
        }
        return result
    }

    private static func number(behind name: Data, in data: Data, from: Int) -> (value: Int, end: Int)? {
        guard let start = data.range(of: name, in: from..<data.count)?.upperBound else { return nil }
        let digits = data[start...].prefix { (48...57).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self)).map { ($0, start + digits.count) }
    }
}
