import Testing

@testable import GenesysCloud

@Suite
struct PageWalkTests {
    private static func page(
        _ ids: ClosedRange<Int>?,
        number: Int? = nil,
        of count: Int? = nil,
        total: Int? = nil,
        hasNext: Bool = false
    ) -> ResourcePage {
        var page = ResourcePage()
        page.resources = (ids.map(Array.init) ?? []).map { ResourcePage.Resource(id: "\($0)", name: "Name \($0)") }
        page.pageNumber = number
        page.pageCount = count
        page.total = total
        page.hasNext = hasNext
        return page
    }

    private static func walk(_ pattern: String? = nil, max: Int = 1000) -> PageWalk {
        let walk = PageWalk(namePattern: pattern, resourcesMax: max)
        #expect(walk.first == .ask(page: 1))
        return walk
    }

    @Test("All pages come together, in order, each id once")
    func allPages() {
        var walk = Self.walk()
        #expect(walk.received(Self.page(1...3, number: 1, of: 3, total: 7)) == .ask(page: 2))
        #expect(walk.received(Self.page(3...6, number: 2, of: 3, total: 7)) == .ask(page: 3))
        #expect(walk.received(Self.page(7...7, number: 3, of: 3, total: 7)) == .done((1...7).map(String.init)))
    }

    @Test("An empty list is an answer, and so is one page that says nothing about itself")
    func small() {
        var empty = Self.walk()
        #expect(empty.received(Self.page(nil, number: 1, of: 0, total: 0)) == .done([]))
        var bare = Self.walk()
        #expect(bare.received(Self.page(1...2)) == .done(["1", "2"]))
    }

    @Test("Without a page count the next page's address says whether there is one")
    func byAddress() {
        var walk = Self.walk()
        #expect(walk.received(Self.page(1...2, hasNext: true)) == .ask(page: 2))
        #expect(walk.received(Self.page(3...3)) == .done(["1", "2", "3"]))
    }

    @Test("Only names that match are kept; what has no name matches no pattern")
    func pattern() {
        var walk = Self.walk("name ?1")
        var page = Self.page(1...21)
        page.resources.append(ResourcePage.Resource(id: "x", name: nil))
        #expect(walk.received(page) == .done(["11", "21"]))
    }

    @Test("A count that changes midway, or a resource that is missing in the end, means to begin again")
    func changes() {
        var pages = Self.walk()
        _ = pages.received(Self.page(1...3, number: 1, of: 2, total: 4))
        #expect(
            pages.received(Self.page(4...4, number: 2, of: 3, total: 4)) == .changed("there were 2 pages, then 3")
        )
        var total = Self.walk()
        _ = total.received(Self.page(1...3, number: 1, of: 2, total: 4))
        #expect(
            total.received(Self.page(4...4, number: 2, of: 2, total: 5)) == .changed("there were 4 resources, then 5")
        )
        // One was deleted and one was made: what moved up from the second page to the first was seen on neither.
        var moved = Self.walk()
        _ = moved.received(Self.page(1...3, number: 1, of: 2, total: 5))
        #expect(moved.received(Self.page(5...5, number: 2, of: 2, total: 5)) == .changed("of 5 resources only 4 came"))
    }

    @Test("A server that repeats a page, or names a next one for ever, is given up")
    func repeats() {
        var wrong = Self.walk()
        _ = wrong.received(Self.page(1...3, number: 1, of: 3))
        #expect(
            wrong.received(Self.page(1...3, number: 1, of: 3)) == .fail("page 1 came when page 2 was asked for")
        )
        var same = Self.walk()
        _ = same.received(Self.page(1...3, hasNext: true))
        #expect(
            same.received(Self.page(1...3, hasNext: true))
                == .fail("page 2 brought nothing new, and yet there is to be another one")
        )
        var empty = Self.walk()
        #expect(
            empty.received(Self.page(nil, number: 1, of: 7))
                == .fail("page 1 brought nothing new, and yet there is to be another one")
        )
        var endless = Self.walk(max: 250)
        var action = endless.first
        var askedCount = 0
        while case .ask(let page) = action {
            askedCount += 1
            action = endless.received(Self.page((page * 100)...(page * 100 + 99), hasNext: true))
        }
        #expect(action == .fail("there are more than 250 resources") && askedCount == 3)
    }

    @Test("What is announced to be above the limit is not read")
    func limit() {
        var walk = Self.walk(max: 250)
        #expect(
            walk.received(Self.page(1...3, number: 1, of: 9, total: 251)) == .fail("there are more than 250 resources")
        )
        var exact = Self.walk(max: 3)
        #expect(exact.received(Self.page(1...3, number: 1, of: 1, total: 3)) == .done(["1", "2", "3"]))
    }
}
