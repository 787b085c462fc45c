import BridgeCore
import Testing

@testable import GenesysCloud

/// What a server, or whatever stands in front of it, may send instead of an answer.
@Suite(.timeLimit(.minutes(1)))
struct RESTClientGarbageTests {
    @Test("A redirect is not followed, and is named by its host alone (S1.6)", arguments: [301, 302, 303, 307, 308])
    func redirect(status: Int) async throws {
        // To the server itself, so that following it would be seen as a request that was not planned.
        let step = { (port: Int) in "location: http://me:t0ken@127.0.0.1:\(port)/next?access_token=t0ken%2B%2F%3D" }
        let answers = PlannedAnswers([.answer(status, headers: [step(1)], body: "")])
        try await RawServer.with { peer in
            try await answers.play(&peer)
        } _: { port in
            let clock = VirtualClock()
            let client = RESTClient(
                settings: RESTSettings(api: Endpoint(isSecure: false, host: "127.0.0.1", port: port)),
                clock: clock.tokenClock,
                logger: LogRecorder().logger
            )
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await client.run() }
                let reason = "HTTP \(status): a redirect to 127.0.0.1:1, which is not followed"
                await #expect(throws: RESTFailure(.unusable, reason)) {
                    let deadline = client.deadline(in: .seconds(9))
                    _ = try await client.get("/x", query: "", token: RESTScene.token, deadline: deadline)
                }
                group.cancelAll()
            }
        }
        answers.expectAllPlayed()
    }

    @Test(
        "Another protocol is said to be no HTTP, and is not asked again",
        arguments: ["SSH-2.0-x\r\n", "-ERR unknown command\r\n", "\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}\u{A}", "\u{16}\u{3}"]
    )
    func otherProtocol(greeting: String) async throws {
        try await RESTScene.with([.raw(greeting + String(repeating: "x", count: 100) + "\r\n\r\n")]) { scene in
            let result = await scene.get()
            #expect(result == .failure(RESTFailure(.unusable, "what came back is not HTTP")))
        }
    }

    @Test(
        "An answer that ends in its middle is asked for again",
        arguments: [
            "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n",
            "HTTP/1.1 200 OK\r\ncontent-le",
        ]
    )
    func truncated(beginning: String) async throws {
        try await RESTScene.with([.cut(beginning), .answer(200, body: "{}")]) { scene in
            async let result = scene.get()
            #expect(await scene.clock.sleeper(.milliseconds(500)))
            scene.clock.advance(by: .milliseconds(500))
            #expect(await result == .success("{}"))
        }
    }

    @Test("A page of an intermediary is an error with its status, and nothing of the page", arguments: [403, 407, 502])
    func page(status: Int) async throws {
        let page = "<!DOCTYPE html><html><body>Please sign in</body></html>"
        let answer = PlannedAnswers.Step.answer(status, headers: ["content-type: text/html"], body: page)
        let count = status == 502 ? 3 : 1
        try await RESTScene.with(Array(repeating: answer, count: count)) { scene in
            async let result = scene.get()
            for pause in status == 502 ? [500, 1000] : [] {
                #expect(await scene.clock.sleeper(.milliseconds(pause)))
                scene.clock.advance(by: .milliseconds(pause))
            }
            let kind: RESTFailure.Kind = status == 403 ? .forbidden : status == 407 ? .unusable : .transient
            #expect(await result == .failure(RESTFailure(kind, "HTTP \(status)")))
        }
    }

    @Test("A body above the limit is given up, whether it says its size or not")
    func tooLarge() async throws {
        let chunk = "400\r\n" + String(repeating: " ", count: 1024) + "\r\n"
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
        let steps: [PlannedAnswers.Step] = [
            .raw("HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n{"), .endless(head: head, part: chunk),
        ]
        try await RESTScene.with(steps) { scene in
            for _ in 0..<2 {
                let reason = "the answer is too large: more than 4096 bytes"
                #expect(await scene.get() == .failure(RESTFailure(.unusable, reason)))
            }
        }
    }

    @Test("Of an error that never ends only the beginning is read")
    func endlessError() async throws {
        let chunk = "1000\r\n" + String(repeating: "x", count: 4096) + "\r\n"
        let head = "HTTP/1.1 403 No\r\ntransfer-encoding: chunked\r\n\r\n"
        try await RESTScene.with([.endless(head: head, part: chunk)]) { scene in
            guard case .failure(let failure) = await scene.get() else {
                Issue.record("no failure")
                return
            }
            #expect(failure.kind == .forbidden)
            #expect(failure.reason == "HTTP 403: " + String(repeating: "x", count: PeerText.characterLimit) + "…")
        }
    }

    @Test("An error's control characters and bytes that are no text are safe to print")
    func unsafeText() async throws {
        try await RESTScene.with([.answer(400, body: "a\r\n\u{1B}[31mb\u{202E}")]) { scene in
            let reason = "HTTP 400: a\u{FFFD}\u{FFFD}\u{FFFD}[31mb\u{FFFD}"
            #expect(await scene.get() == .failure(RESTFailure(.refused, reason)))
        }
    }

    @Test(
        "A token that no header can carry is refused without being shown (S1.6)",
        arguments: ["", "a\r\nx: y", "t\u{7F}", "tö", "a b"]
    )
    func unsendableToken(secret: String) async throws {
        try await RESTScene.with([]) { scene in
            let result = await scene.get(token: AccessToken(secret: Secret(secret), serial: 1))
            #expect(
                result == .failure(RESTFailure(.unusable, "the access token has characters that no header can carry"))
            )
            #expect(scene.log.lines.isEmpty)
        }
    }

    @Test("Cancelling ends a request that hangs, one that pauses, and one that the budget holds back")
    func cancellation() async throws {
        let steps: [PlannedAnswers.Step] = [.raw(""), .answer(500), .answer(429, headers: ["retry-after: 50"])]
        try await RESTScene.with(steps) { scene in
            for wait in [Duration.seconds(10), .milliseconds(500), .seconds(50)] {
                await withTaskGroup(of: Result<String, RESTFailure>.self) { group in
                    group.addTask { await scene.get() }
                    #expect(await scene.clock.sleeper(wait))
                    if wait == .seconds(10) { await scene.answers.waitForRequests(1) }
                    group.cancelAll()
                    let result = await group.next()
                    #expect(result == .failure(RESTFailure(.cancelled, "cancelled")))
                }
            }
            #expect(scene.answers.heads.count == 3)
        }
    }

    @Test("A client whose run is over closes its connections, and asks nothing any more")
    func stopped() async throws {
        let (ends, ended) = AsyncStream<Void>.makeStream()
        try await RawServer.with { peer in
            _ = try await peer.request()
            try await peer.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
            try await peer.waitForEnd()
            ended.yield()
        } _: { port in
            let client = RESTClient(
                settings: RESTSettings(api: Endpoint(isSecure: false, host: "127.0.0.1", port: port)),
                clock: VirtualClock().tokenClock,
                logger: LogRecorder().logger
            )
            let deadline = client.deadline(in: .seconds(9))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await client.run() }
                _ = try await client.get("/x", query: "", token: RESTScene.token, deadline: deadline)
                group.cancelAll()
            }
            await ends.first { _ in true }
            await #expect(throws: RESTFailure(.unusable, "the REST client is stopped")) {
                try await client.get("/x", query: "", token: RESTScene.token, deadline: deadline)
            }
        }
    }
}
