/// One page of a list of resources.
struct ResourcePage: Hashable {
    /// One resource.
    struct Resource: Hashable {
        /// Its id.
        var id: String
        /// Its name; nil where it has none.
        var name: String?
    }

    /// Which page the server says this is, from 1.
    var pageNumber: Int?
    /// How many pages there are.
    var pageCount: Int?
    /// How many resources there are on all pages.
    var total: Int?
    /// Whether the server names a next page.
    var hasNext = false
    /// The resources, in order.
    var resources: [Resource] = []

    /// An empty page.
    init() {}

    /// Reads the page from an answer's body.
    static func read(_ body: [UInt8]) -> Result<ResourcePage, RESTFailure> {
        EntityListing.read(body).flatMap { listing in
            var page = ResourcePage()
            page.pageNumber = listing.fields.count("pageNumber")
            page.pageCount = listing.fields.count("pageCount")
            page.total = listing.fields.count("total")
            page.hasNext = listing.fields.text("nextUri") != nil
            for entity in listing.entities {
                guard let id = entity.text("id") else {
                    return .failure(RESTFailure(.unusable, "the answer lists an entity without an id"))
                }
                page.resources.append(Resource(id: id, name: entity.text("name")))
            }
            return .success(page)
        }
    }
}
