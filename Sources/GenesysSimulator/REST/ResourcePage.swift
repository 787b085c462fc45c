/// One page of a list, as the upstream's REST interface pages: counted from 1, with links to its neighbours.
struct ResourcePage: Equatable {
    static let sizeDefault = 25
    static let sizes = 1...500

    struct Entity: Equatable {
        let id: String
        let name: String
    }

    private let path: String
    private let entities: [Entity]
    private let size: Int
    private let number: Int
    private let total: Int

    /// - Parameters:
    ///   - all: the whole list, in its order.
    ///   - number: from 1; behind the last page a page is empty.
    init(path: String, all: [Entity], size: Int, number: Int) {
        self.path = path
        self.size = size
        self.number = number
        self.total = all.count
        let (start, overflow) = (number - 1).multipliedReportingOverflow(by: size)
        self.entities = overflow ? [] : Array(all.dropFirst(start).prefix(size))
    }

    private var pageCount: Int { (self.total + self.size - 1) / self.size }

    var json: String {
        let entities = self.entities.map { entity in
            #"{"id":\#(JSONText.string(entity.id)),"name":\#(JSONText.string(entity.name)),"#
                + #""selfUri":\#(JSONText.string("\(self.path)/\(entity.id)"))}"#
        }
        var fields = [
            #""entities":[\#(entities.joined(separator: ","))]"#, #""pageSize":\#(self.size)"#,
            #""pageNumber":\#(self.number)"#, #""total":\#(self.total)"#, #""pageCount":\#(self.pageCount)"#,
            #""selfUri":\#(self.link(self.number))"#, #""firstUri":\#(self.link(1))"#,
            #""lastUri":\#(self.link(max(1, self.pageCount)))"#,
        ]
        if self.number < self.pageCount { fields.append(#""nextUri":\#(self.link(self.number + 1))"#) }
        if self.number > 1 { fields.append(#""previousUri":\#(self.link(self.number - 1))"#) }
        return "{\(fields.joined(separator: ","))}"
    }

    private func link(_ number: Int) -> String {
        JSONText.string("\(self.path)?pageSize=\(self.size)&pageNumber=\(number)")
    }
}
