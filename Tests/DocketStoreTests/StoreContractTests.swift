import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import Testing

/// What every store keeps, run over every store.
@Suite("The store's contract")
struct StoreContractTests {
    private let directory: TemporaryDirectory
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws { directory = try TemporaryDirectory() }

    private func ids<Tag>(_ count: Int, of tag: Tag.Type, seed: UInt64) -> [Identifier<Tag>] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Identifier(at: now, random: &random) }
    }

    private func guest(_ seed: UInt64) -> PrincipalRecord {
        PrincipalRecord(
            id: ids(1, of: Principal.self, seed: seed)[0],
            name: "Guest \(seed)",
            details: .guest(secret: DeskFixture.digest(Data([UInt8(seed)])))
        )
    }

    private func request(_ conversation: Conversation, number: UInt64) -> SupportRequest {
        SupportRequest(
            id: ids(1, of: SupportRequest.self, seed: 1_000 + number)[0],
            number: number,
            conversation: conversation.id,
            contact: conversation.contact,
            channel: conversation.channel,
            previous: nil,
            openedAt: now,
            status: "new",
            category: .new,
            statusSince: now,
            assignee: nil,
            version: 1,
            versionForContact: 1,
            sequence: 0,
            noteSequence: 0,
            changedAt: now,
            changedForContactAt: now,
            description: "d",
            session: nil,
            sessionCount: 0,
            details: RequestDetails(
                kind: .chat,
                origin: .line,
                openedBy: conversation.contact.party
            )
        )
    }

    private func fill(_ store: any Store, seed: UInt64 = 1) throws -> Conversation {
        let record = guest(seed)
        let contact = try #require(record.contact)
        let conversation = Conversation(
            id: ids(1, of: Conversation.self, seed: 50 + seed)[0],
            contact: contact,
            channel: "chat",
            newestRequest: nil
        )
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(record, at: now)
            let head = try transaction.position().head
            try transaction.insert(conversation, openedAt: head + 1)
            _ = try transaction.append(Data([1]), to: conversation.id, audience: .conversation)
        }
        return conversation
    }

    @Test("A new store is empty and has its epoch", arguments: StoreKind.allCases)
    func empty(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        try store.read { reading throws(StoreError) in
            #expect(
                try reading.position() == LogPosition(epoch: Epoch(7), floor: 0, head: 0)
            )
            #expect(try reading.entries(after: 0, limit: 10).isEmpty)
            #expect(try reading.nextTimer() == nil)
            #expect(try reading.nextRequestNumber() == 1)
            #expect(try reading.agents(after: "", limit: 9).isEmpty)
        }
        #expect(try store.check().isEmpty)
    }

    @Test(
        "Offsets are dense from 1, and a refused transaction uses none up",
        arguments: StoreKind.allCases
    )
    func offsets(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let conversation = try fill(store)
        #expect(throws: StoreError.full) {
            try store.transact { transaction throws(StoreError) in
                _ = try transaction.append(
                    Data([9]),
                    to: conversation.id,
                    audience: .conversation
                )
                throw StoreError.full
            }
        }
        let offsets = try store.transact { transaction throws(StoreError) in
            [
                try transaction.append(Data([2]), to: conversation.id, audience: .staff),
                try transaction.append(Data([3]), to: conversation.id, audience: .conversation),
            ]
        }
        #expect(offsets == [2, 3])
        let events = try store.read { reading throws(StoreError) in
            try reading.entries(after: 0, limit: 10).map(\.event)
        }
        #expect(events == [Data([1]), Data([2]), Data([3])])
    }

    @Test(
        "A rolled-back conversation leaves nothing, and can be made again",
        arguments: StoreKind.allCases
    )
    func rollback(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let first = try fill(store)
        let record = guest(2)
        let contact = try #require(record.contact)
        let lost = Conversation(
            id: ids(1, of: Conversation.self, seed: 52)[0],
            contact: contact,
            channel: "chat",
            newestRequest: nil
        )
        #expect(throws: StoreError.locked) {
            try store.transact { transaction throws(StoreError) in
                try transaction.insert(record, at: now)
                try transaction.insert(lost, openedAt: 2)
                _ = try transaction.append(Data([9]), to: lost.id, audience: .staff)
                throw StoreError.locked
            }
        }
        let second = try fill(store, seed: 2)
        try store.read { reading throws(StoreError) in
            #expect(try reading.situation(of: second.id).conversation == second)
            let entries = try reading.entries(
                in: second.id,
                .after(0),
                limit: 9,
                for: .staff
            )
            #expect(entries.map(\.offset) == [2])
            #expect(try reading.situation(of: first.id).conversation == first)
        }
    }

    @Test(
        "A conversation is read in parts, from either end, for either audience",
        arguments: StoreKind.allCases
    )
    func parts(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let one = try fill(store, seed: 1)
        let two = try fill(store, seed: 2)
        try store.transact { transaction throws(StoreError) in
            for step in 0..<20 {
                let target = step.isMultiple(of: 2) ? one : two
                let audience: Audience = step.isMultiple(of: 5) ? .staff : .conversation
                _ = try transaction.append(
                    Data([UInt8(step)]),
                    to: target.id,
                    audience: audience
                )
            }
        }
        try store.read { reading throws(StoreError) in
            let all = try reading.entries(in: one.id, .after(0), limit: 99, for: .staff)
            #expect(all.map(\.offset) == [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21])
            let seen = try reading.entries(in: one.id, .after(3), limit: 2, for: .conversation)
            #expect(seen.map(\.offset) == [5, 7])
            let newest = try reading.entries(
                in: one.id,
                .before(15),
                limit: 3,
                for: .conversation
            )
            #expect(newest.map(\.offset) == [7, 9, 11])
            #expect(
                try reading.entries(in: one.id, .before(.max), limit: 1, for: .staff)
                    .map(\.offset) == [21]
            )
            #expect(
                try reading.entries(in: one.id, .after(.max), limit: 1, for: .staff).isEmpty
            )
            let channel = try reading.entries(on: "chat", after: 2, through: 8, limit: 99)
            #expect(channel.map(\.offset) == [4, 5, 6, 7])
            #expect(try reading.entries(on: "x", after: 0, through: 9, limit: 9).isEmpty)
            #expect(try reading.entry(at: 0) == nil)
            #expect(try reading.entry(at: 23) == nil)
            #expect(try reading.entry(at: 22)?.event == Data([19]))
        }
    }

    @Test("Requests are found by id, number, category and assignee", arguments: StoreKind.allCases)
    func requests(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let conversation = try fill(store)
        let agentRecord = PrincipalRecord(
            id: ids(1, of: Principal.self, seed: 77)[0],
            name: "Bo",
            details: .agent(.agent, login: "bo", passwordHash: "h")
        )
        let agent = try #require(agentRecord.agent)
        var made: [SupportRequest] = []
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(agentRecord, at: now)
            for _ in 0..<9 {
                let number = try transaction.nextRequestNumber()
                let opened = request(conversation, number: number)
                try transaction.insert(opened, openedAt: 1)
                var changed = opened
                if number.isMultiple(of: 2) { changed.assignee = agent }
                if number.isMultiple(of: 3) {
                    changed.category = .open
                    changed.status = "assigned"
                }
                changed.session = LiveSession(
                    ordinal: number,
                    lastAuthor: .agent,
                    lastMessageAt: now
                )
                changed.version += 1
                try transaction.update(changed, from: opened)
                made.append(changed)
            }
        }
        try store.read { reading throws(StoreError) in
            for request in made {
                #expect(try reading.situation(ofRequest: request.id).request == request)
                #expect(try reading.request(number: request.number) == request)
            }
            #expect(try reading.request(number: 10) == nil)
            #expect(try reading.request(number: .max) == nil)
            #expect(
                try reading.situation(of: conversation.id).conversation?.newestRequest
                    == made.last?.id
            )
            let numbers = {
                (
                    categories: [StatusCategory],
                    owner: RequestFilter.Ownership,
                    after: UInt64
                )
                    throws(StoreError) in
                try reading.requests(
                    RequestFilter(
                        categories: categories,
                        ownership: owner,
                        afterNumber: after,
                        limit: 4
                    )
                ).requests.map(\.number)
            }
            #expect(try numbers([.new, .open], .any, 0) == [1, 2, 3, 4])
            #expect(try numbers([.new, .open], .any, 6) == [7, 8, 9])
            #expect(try numbers([.open], .any, 0) == [3, 6, 9])
            #expect(try numbers([.new], .agent(agent.id), 0) == [2, 4, 8])
            #expect(try numbers([.new], .none, 0) == [1, 5, 7])
            #expect(try numbers([.closed], .any, 0).isEmpty)
        }
    }

    @Test(
        "A change is seen at once in its transaction, and goes with it when that is rolled back",
        arguments: StoreKind.allCases
    )
    func changes(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let conversation = try fill(store)
        let opened = request(conversation, number: 1)
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(opened, openedAt: 1)
        }
        var versions = [opened]
        for status in ["assigned", "waiting"] {
            var next = versions[versions.count - 1]
            next.status = status
            next.version += 1
            versions.append(next)
        }
        let last = versions[2]
        #expect(throws: StoreError.locked) {
            try store.transact { transaction throws(StoreError) in
                #expect(try transaction.situation(of: conversation.id).request == opened)
                try transaction.update(versions[1], from: opened)
                try transaction.update(last, from: versions[1])
                #expect(try transaction.situation(of: conversation.id).request == last)
                #expect(try transaction.situation(ofRequest: opened.id).request == last)
                #expect(try transaction.request(number: 1) == last)
                let contact = conversation.contact.id
                #expect(try transaction.situation(of: contact, on: "chat").request == last)
                throw StoreError.locked
            }
        }
        try store.transact { transaction throws(StoreError) in
            #expect(try transaction.situation(of: conversation.id).request == opened)
            try transaction.update(versions[1], from: opened)
        }
        try store.read { reading throws(StoreError) in
            #expect(try reading.situation(of: conversation.id).request == versions[1])
        }
    }

    @Test(
        "Creations are remembered for ever, verdicts until they are purged",
        arguments: StoreKind.allCases
    )
    func records(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let commands = ids(4, of: Command.self, seed: 8)
        let digest = DeskFixture.digest(Data([1]))
        let answers: [CommandRecord.Answer] = [
            .created(offset: 3), .accepted(offset: 4, payload: Data([5])),
            .accepted(offset: 4, payload: Data()), .refused(.versionConflict(current: 6)),
        ]
        try store.transact { transaction throws(StoreError) in
            for (command, answer) in zip(commands, answers) {
                let record = CommandRecord(principal: nil, digest: digest, answer: answer)
                try transaction.keep(record, of: command, at: now)
            }
        }
        let read = { () throws(StoreError) in
            try store.read { reading throws(StoreError) in
                var found: [CommandRecord.Answer?] = []
                for command in commands { found.append(try reading.record(of: command)?.answer) }
                return found
            }
        }
        #expect(try read() == answers)
        let purge = { (moment: Timestamp, limit: Int) throws(StoreError) in
            try store.transact { transaction throws(StoreError) in
                try transaction.purgeVerdicts(before: moment, limit: limit)
            }
        }
        #expect(try purge(now, 9) == 0)
        #expect(try purge(now + .milliseconds(1), 2) == 2)
        #expect(try purge(now + .milliseconds(1), 9) == 1)
        #expect(try read() == [answers[0], nil, nil, nil])
    }

    @Test(
        "A request has one timer of a kind; the earliest comes first",
        arguments: StoreKind.allCases
    )
    func timers(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let conversation = try fill(store)
        let requests = [request(conversation, number: 1), request(conversation, number: 2)]
        let timer = { (request: SupportRequest, seconds: Int64, version: UInt64) in
            TimerRecord(
                request: request.id,
                kind: .inactivity,
                version: version,
                due: now + .seconds(seconds)
            )
        }
        try store.transact { transaction throws(StoreError) in
            for request in requests { try transaction.insert(request, openedAt: 1) }
            try transaction.set(timer(requests[0], 10, 1))
            try transaction.set(timer(requests[1], 20, 1))
            #expect(try transaction.nextTimer() == timer(requests[0], 10, 1))
            try transaction.set(timer(requests[0], 30, 2))
            #expect(try transaction.nextTimer() == timer(requests[1], 20, 1))
            try transaction.removeTimer(of: requests[1].id, kind: .inactivity)
            #expect(try transaction.nextTimer() == timer(requests[0], 30, 2))
            try transaction.removeTimer(of: requests[1].id, kind: .inactivity)
        }
    }

    @Test(
        "Principals, keys and sessions are found by what people present",
        arguments: StoreKind.allCases
    )
    func identities(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let all = ids(5, of: Principal.self, seed: 4)
        let secret = DeskFixture.digest(Data([3]))
        let records = [
            PrincipalRecord(id: all[0], name: "G", details: .guest(secret: secret)),
            PrincipalRecord(
                id: all[1],
                name: "A",
                details: .agent(.supervisor, login: "zoe", passwordHash: "h")
            ),
            PrincipalRecord(id: all[2], name: "I", details: .integration("bridge")),
            PrincipalRecord(id: all[3], name: "P", details: .partner),
            PrincipalRecord(
                id: all[4],
                name: "E",
                details: .external(integration: all[2], externalID: "+49")
            ),
        ]
        let key = APIKeyRecord(keyID: "abc", principal: all[2], secret: secret)
        let sessions = (0..<3).map { index in
            SessionRecord(
                token: DeskFixture.digest(Data([100 + UInt8(index)])),
                principal: records[index].principal,
                expiresAt: now + .seconds(Int64(index))
            )
        }
        try store.transact { transaction throws(StoreError) in
            for record in records { try transaction.insert(record, at: now) }
            try transaction.insert(key, at: now)
            for session in sessions { try transaction.insert(session) }
        }
        try store.read { reading throws(StoreError) in
            for record in records { #expect(try reading.principal(record.id) == record) }
            #expect(try reading.agent(login: "zoe") == records[1])
            #expect(try reading.agent(login: "Zoe") == nil)
            #expect(try reading.agents(after: "", limit: 9) == [records[1]])
            #expect(try reading.agents(after: "zoe", limit: 9).isEmpty)
            #expect(try reading.contact(of: all[2], externalID: "+49") == records[4])
            #expect(try reading.contact(of: all[3], externalID: "+49") == nil)
            #expect(try reading.apiKey("abc") == key)
            #expect(try reading.apiKey("abd") == nil)
            for session in sessions { #expect(try reading.session(session.token) == session) }
        }
        try store.transact { transaction throws(StoreError) in
            try transaction.revokeKeys(of: all[2], at: now)
            try transaction.end(sessions[0].token, at: nil)
            try transaction.end(sessions[2].token, at: nil)
            #expect(try transaction.purgeSessions(before: now + .seconds(9), limit: 9) == 1)
            let revoked = try transaction.apiKey("abc")
            #expect(revoked?.endsAt == now && revoked?.secret == secret)
            #expect(try transaction.session(sessions[1].token) == nil)
        }
    }

    @Test(
        "A principal's sessions are told by their ends, and end at once or at a moment",
        arguments: StoreKind.allCases
    )
    func sessions(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let all = ids(2, of: Principal.self, seed: 5)
        let people = all.map { PrincipalRecord(id: $0, name: "P", details: .partner) }
        let keys: [String?] = [nil, "key", nil]
        let sessions = keys.enumerated().map { (index, keyID) -> SessionRecord in
            SessionRecord(
                token: DeskFixture.digest(Data([100 + UInt8(index)])),
                principal: people[0].principal,
                expiresAt: now + .seconds(Int64(10 * index)),
                keyID: keyID
            )
        }
        let longestFirst: [SessionRecord] = sessions.reversed()
        try store.transact { transaction throws(StoreError) in
            for record in people { try transaction.insert(record, at: now) }
            for session in sessions { try transaction.insert(session) }
        }
        try store.transact { transaction throws(StoreError) in
            let told = try transaction.sessions(of: all[0], beyond: 0)
            #expect(told.map(\.token) == longestFirst.map(\.token))
            #expect(told.map(\.expiresAt) == longestFirst.map(\.expiresAt))
            #expect(told.map(\.keyID) == keys)
            let surplus = try transaction.sessions(of: all[0], beyond: 2)
            #expect(surplus.map(\.token) == [sessions[0].token], "what ends first is beyond")
            #expect(try transaction.sessions(of: all[1], beyond: 0).isEmpty)
            // A later end changes nothing, an earlier one does.
            try transaction.end(sessions[1].token, at: now + .seconds(60))
            #expect(try transaction.session(sessions[1].token) == sessions[1])
            try transaction.end(sessions[1].token, at: now + .seconds(1))
            let shortened = try transaction.session(sessions[1].token)
            #expect(shortened?.expiresAt == now + .seconds(1))
            for _ in 0..<2 { try transaction.end(sessions[2].token, at: nil) }
            #expect(try transaction.session(sessions[2].token) == nil)
            #expect(try transaction.sessions(of: all[0], beyond: 0).count == 2)
        }
    }

    @Test(
        "Conversations are paged for everybody, a contact and a channel",
        arguments: StoreKind.allCases
    )
    func conversations(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let made = try (1...5).map { try fill(store, seed: UInt64($0)) }
        let pages = { (scope: ConversationScope) throws(StoreError) in
            try store.read { reading throws(StoreError) in
                var place: UInt64 = 0
                var found: [ConversationID?] = []
                while true {
                    let page = try reading.conversations(scope, after: place, limit: 2)
                    found += page.map(\.situation.conversation?.id)
                    guard let last = page.last else { return found }
                    place = last.place
                }
            }
        }
        #expect(try pages(.all) == made.map(\.id))
        #expect(try pages(.channel("chat")) == made.map(\.id))
        #expect(try pages(.channel("bridge")).isEmpty)
        #expect(try pages(.contact(made[2].contact.id)) == [made[2].id])
        try store.read { reading throws(StoreError) in
            #expect(try reading.conversations(of: made[3].contact.id) == [made[3].id])
            #expect(
                try reading.situation(of: made[3].contact.id, on: "chat").conversation
                    == made[3]
            )
            #expect(
                try reading.situation(of: made[3].contact.id, on: "x") == Situation()
            )
            #expect(try reading.openingOffset(of: made[3].id) == 4)
        }
        try store.transact { transaction throws(StoreError) in
            let reader = PrincipalID(made[0].contact.id)
            let marks = [
                ReadMark(upTo: 1, receivedUpTo: 2, offset: 6),
                ReadMark(upTo: 5, receivedUpTo: 5, offset: 7),
            ]
            for mark in marks {
                try transaction.keep(mark, of: reader, in: made[0].id)
                #expect(try transaction.readMark(of: reader, in: made[0].id) == mark)
            }
            #expect(try transaction.readMark(of: reader, in: made[1].id) == nil)
        }
    }
}
