import BridgeCore
import Synchronization

/// A directory whose lists the test writes, one for each time it is asked; the last one stays.
final class FakeDirectory: ResourceDirectory {
    private let lists: Mutex<[Result<[String], DirectoryFailure>]>
    private let asked = Mutex(0)

    init(_ lists: [Result<[String], DirectoryFailure>]) {
        self.lists = Mutex(lists)
    }

    var askedCount: Int { self.asked.withLock { $0 } }

    func resourceIDs(matching query: ResourceQuery, token: AccessToken) async throws(DirectoryFailure) -> [String] {
        self.asked.withLock { $0 += 1 }
        return try self.lists.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }.get()
    }
}
