import BridgeCore
import Testing

@testable import GenesysCloud

/// The directory against a server on a real socket.
@Suite(.timeLimit(.minutes(1)))
struct PlatformDirectoryTests {
    private static func page(_ ids: [String], _ number: Int, of count: Int, total: Int) -> PlannedAnswers.Step {
        let entities = ids.map { #"{"id":"\#($0)","name":"Queue \#($0)","memberCount":3,"division":{"id":"d"}}"# }
        return .answer(
            200,
            body: #"{"entities":[\#(entities.joined(separator: ","))],"pageSize":100,"pageNumber":\#(number),"#
                + #""pageCount":\#(count),"total":\#(total),"firstUri":"/x"}"#
        )
    }

    private static func list(
        _ kind: ResourceQuery.Kind,
        _ pattern: String? = nil,
        in scene: RESTScene
    ) async -> Result<[String], DirectoryFailure> {
        let directory = PlatformDirectory(client: scene.client, logger: scene.log.logger)
        do throws(DirectoryFailure) {
            let query = ResourceQuery(kind: kind, namePattern: pattern)
            return .success(try await directory.resourceIDs(matching: query, token: RESTScene.token))
        } catch {
            return .failure(error)
        }
    }

    @Test("All pages are read, of queues and of users (S5.5)")
    func pages() async throws {
        let steps = [
            Self.page(["b", "a"], 1, of: 2, total: 3), Self.page(["c"], 2, of: 2, total: 3),
            Self.page(["u"], 1, of: 1, total: 1), Self.page(["x1", "x2", "y1"], 1, of: 1, total: 3),
        ]
        try await RESTScene.with(steps) { scene in
            #expect(await Self.list(.queues, in: scene) == .success(["b", "a", "c"]))
            #expect(await Self.list(.users, in: scene) == .success(["u"]))
            #expect(await Self.list(.queues, "QUEUE ?1", in: scene) == .success(["x1", "y1"]))
            #expect(
                scene.answers.targets == [
                    "/api/v2/routing/queues?pageSize=100&pageNumber=1",
                    "/api/v2/routing/queues?pageSize=100&pageNumber=2",
                    "/api/v2/users?pageSize=100&pageNumber=1",
                    "/api/v2/routing/queues?pageSize=100&pageNumber=1",
                ]
            )
        }
    }

    @Test("A list that changes while it is read is begun again, and given up when it never rests")
    func changes() async throws {
        let first = Self.page(["a"], 1, of: 2, total: 2)
        let steps = [
            first, Self.page(["c"], 2, of: 3, total: 3), first, Self.page(["b"], 2, of: 2, total: 2),  // once
            first, Self.page(["a"], 2, of: 2, total: 2), first, Self.page(["b"], 2, of: 3, total: 2), first,
            Self.page(["b"], 2, of: 2, total: 9),
        ]
        try await RESTScene.with(steps) { scene in
            #expect(await Self.list(.queues, in: scene) == .success(["a", "b"]))
            let reason = "listing queues: the list changed each of 3 times it was read: there were 2 resources, then 9"
            #expect(await Self.list(.queues, in: scene) == .failure(.unavailable(reason: reason)))
        }
    }

    @Test("One page that cannot be had makes all of it a failure")
    func failures() async throws {
        let first = Self.page(["a"], 1, of: 2, total: 2)
        let steps: [PlannedAnswers.Step] = [
            first, .answer(401, body: #"{"code":"bad.credentials"}"#), .answer(403, body: #"{"message":"missing"}"#),
            .answer(404), first, .answer(200, body: "<html>Sign in</html>"), .answer(200, body: #"{"entities":[{}]}"#),
            first, first,
        ]
        try await RESTScene.with(steps) { scene in
            let failures: [DirectoryFailure] = [
                .unauthorized(reason: "listing users: HTTP 401: bad.credentials"),
                .forbidden(reason: "listing users: HTTP 403: missing (users:readonly is needed)"),
                .unavailable(reason: "listing users: HTTP 404"),
                .unavailable(
                    reason:
                        "listing users: an HTML page came instead of JSON; is there a proxy or a login page in between?"
                ),
                .unavailable(reason: "listing users: the answer lists an entity without an id"),
                .unavailable(reason: "listing users: page 1 came when page 2 was asked for"),
            ]
            for failure in failures { #expect(await Self.list(.users, in: scene) == .failure(failure)) }
        }
    }

    @Test("Cancelling ends a listing early")
    func cancellation() async throws {
        try await RESTScene.with([.raw("")]) { scene in
            await withTaskGroup(of: Result<[String], DirectoryFailure>.self) { group in
                group.addTask { await Self.list(.users, in: scene) }
                await scene.answers.waitForRequests(1)
                group.cancelAll()
                #expect(await group.next() == .failure(.unavailable(reason: "listing users: cancelled")))
            }
        }
    }
}
