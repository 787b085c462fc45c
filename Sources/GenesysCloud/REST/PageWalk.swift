/// Walks the pages of a list of resources: all of them or none (S5.5).
struct PageWalk {
    /// What to do next.
    enum Action: Hashable {
        /// Ask for this page, from 1.
        case ask(page: Int)
        /// These are the ids, each once, in the server's order.
        case done([String])
        /// The list changed while it was read, and one of it may have been passed over: begin again.
        case changed(String)
        /// The list cannot be read this way.
        case fail(String)
    }

    /// Resources on one page, as far as the server keeps to it.
    static let pageSize = 100

    private let resourcesMax: Int
    private let pattern: NamePattern?
    private var page = 1
    private var pageCount: Int?
    private var total: Int?
    private var seen: Set<String> = []
    private var ids: [String] = []

    /// A walk over at most `resourcesMax` resources, which keeps those whose name matches `namePattern`, or all.
    init(namePattern: String?, resourcesMax: Int) {
        self.pattern = namePattern.map(NamePattern.init)
        self.resourcesMax = resourcesMax
    }

    /// The first thing to do.
    var first: Action { .ask(page: 1) }

    /// The page that was asked for came.
    mutating func received(_ page: ResourcePage) -> Action {
        if let number = page.pageNumber, number != self.page {
            return .fail("page \(number) came when page \(self.page) was asked for")
        }
        if self.page == 1 {
            self.pageCount = page.pageCount
            self.total = page.total
        }
        if page.pageCount != self.pageCount {
            return .changed("there were \(Self.text(self.pageCount)) pages, then \(Self.text(page.pageCount))")
        }
        if page.total != self.total {
            return .changed("there were \(Self.text(self.total)) resources, then \(Self.text(page.total))")
        }
        let isNew = self.take(page.resources)
        guard max(self.seen.count, self.total ?? 0) <= self.resourcesMax else {
            return .fail("there are more than \(self.resourcesMax) resources")
        }
        guard self.hasMore(behind: page) else { return self.end() }
        // Bounds the walk whatever the server says: each page brings something, and there is a limit on how much.
        guard isNew else { return .fail("page \(self.page) brought nothing new, and yet there is to be another one") }
        self.page += 1
        return .ask(page: self.page)
    }

    /// Whether there was one that was not seen before.
    private mutating func take(_ resources: [ResourcePage.Resource]) -> Bool {
        let count = self.seen.count
        for resource in resources where self.seen.insert(resource.id).inserted {
            if let pattern = self.pattern, !(resource.name.map(pattern.matches) ?? false) { continue }
            self.ids.append(resource.id)
        }
        return self.seen.count > count
    }

    private func hasMore(behind page: ResourcePage) -> Bool {
        self.pageCount.map { self.page < $0 } ?? page.hasNext
    }

    private func end() -> Action {
        if let total = self.total, self.seen.count < total {
            return .changed("of \(total) resources only \(self.seen.count) came")
        }
        return .done(self.ids)
    }

    private static func text(_ count: Int?) -> String { count.map(String.init) ?? "an unknown number of" }
}
