import DeskSupport
import DocketDesk
import DocketDomain
import DocketPolicy
import DocketStore
import Testing

@Suite("Order, numbers and times survive splits, merges and the contact's choice")
struct MoveStories {
    private let desk: DeskStory

    init() async throws { desk = try await DeskStory("default") }

    private func split(
        _ places: [UInt64],
        off request: SupportRequest
    ) async throws -> SupportRequest {
        let page = try await desk.fixture.desk.messages(of: request.id, after: 0, limit: 99)
        let ids = page.messages.filter { places.contains($0.sequence) }.map(\.message.id)
        let split = SplitMessages(request: request.id, messages: ids)
        await desk.does(.splitMessages(split), as: desk.bo)
        let newest = try #require(try await desk.now(request).details.links.last?.other.id)
        return try await desk.fixture.desk.request(newest)
    }

    /// A chat with five messages, of which the agent wrote the fourth.
    private func chat() async throws -> (ConversationID, SupportRequest) {
        let chat = await desk.opens("chat")
        let request = try await desk.says("one", in: chat)
        await desk.does(request.take, as: desk.bo)
        for text in ["two", "three"] { try await desk.says(text, in: chat) }
        try await desk.says("four", in: chat, as: desk.bo, to: request.id)
        try await desk.says("five", in: chat)
        return (chat, request)
    }

    @Test("Messages that are split off, answered past and merged back stand in the log's order")
    func order() async throws {
        let (chat, request) = try await chat()
        let off = try await split([1, 3, 4], off: request)
        #expect(try await desk.said(request) == ["two", "five"])
        #expect(try await desk.said(off) == ["one", "three", "four"])
        try await desk.says("six", in: chat, as: desk.bo, to: request.id)
        await desk.does(off.merge(with: request), as: desk.bo)
        #expect(
            try await desk.said(request) == ["one", "two", "three", "four", "five", "six"]
        )
        let merged = try await desk.now(request)
        #expect(merged.description == "one")
        let page = try await desk.fixture.desk.messages(of: request.id, after: 0, limit: 99)
        let places = page.messages.map(\.sequence)
        #expect(places == places.sorted() && Set(places).count == places.count)
        #expect(places.last == merged.sequence, "the place of the newest")
        try await desk.says("seven", in: chat, to: request.id)
        #expect(try await desk.said(request).last == "seven")
    }

    @Test("A request with an answer that was split off has its first reply recorded")
    func firstReply() async throws {
        let (_, request) = try await chat()
        let before = try await desk.now(request).details.firstRepliedAt
        await desk.wait(.seconds(60))
        let off = try await split([3, 4], off: request)
        #expect(off.details.firstRepliedAt == before && before != nil)
        let other = try await split([5], off: request)
        #expect(other.details.firstRepliedAt == nil)
    }

    @Test("A live period that is split off is no longer counted")
    func livePeriods() async throws {
        let (chat, request) = try await chat()
        await desk.does(request.finish("waiting"), as: desk.bo)
        let rested = try await desk.now(request)
        try await desk.says("another matter", in: chat)
        #expect(try await desk.now(request).sessionCount == rested.sessionCount + 1)
        await desk.does(request.splitNew, as: desk.bo)
        let left = try await desk.now(request)
        #expect(left.sessionCount == rested.sessionCount && left.session == nil)
        #expect(left.statusSince == rested.statusSince)
        try await desk.says("and again", in: chat, to: request.id)
        let again = try await desk.now(request)
        #expect(again.session?.ordinal == again.sessionCount)
        await desk.wait(.seconds(601))
        #expect(try await desk.now(request).session == nil, "its silence ends it")
    }

    @Test("A message that names an older chat goes on in it")
    func namedOlder() async throws {
        let (chat, request) = try await chat()
        let newer = try await split([5], off: request)
        await desk.does(newer.finish("waiting"), as: desk.bo)
        await desk.does(request.finish("waiting"), as: desk.bo)
        let meant = try await desk.says("about the first", in: chat, to: request.id)
        #expect(meant.id == request.id && meant.status == "in_progress")
        #expect(try await desk.now(newer).status == "waiting")
        #expect(try await desk.says("and the newest", in: chat).id == newer.id)
    }

    @Test("Who wrote last in two live chats that become one decides how it falls silent")
    func silence() async throws {
        let (chat, request) = try await chat()
        let off = try await split([5], off: request)
        try await desk.says("and more", in: chat, to: off.id)
        await desk.wait(.seconds(60))
        try await desk.says("answered", in: chat, as: desk.bo, to: request.id)
        await desk.wait(.seconds(60))
        try await desk.says("still there?", in: chat, to: off.id)
        await desk.does(off.merge(with: request), as: desk.bo)
        #expect(try await desk.now(request).session?.lastAuthor == .contact)
    }

    @Test("Requests are live on channels with a time of silence, and on no others")
    func quietChannels() async throws {
        let mail = await desk.opens("email")
        let ticket = try await desk.says("Broken", in: mail, title: "Broken")
        #expect(ticket.session == nil && ticket.sessionCount == 0)
        let portal = await desk.opens("portal")
        #expect(try await desk.says("Broken", in: portal).session == nil)
        let chat = await desk.opens("chat")
        #expect(try await desk.says("Hello", in: chat).session != nil)
    }

    @Test("A request is no part of its own parts, by however many steps")
    func descent() async throws {
        let mail = await desk.opens("email")
        var all: [SupportRequest] = []
        for number in 1...4 {
            all.append(try await desk.says("\(number)", in: mail, title: "\(number)"))
        }
        let link = { (parent: Int, child: Int, kind: LinkKind) in
            let (one, other) = kind == .parent ? (parent, child) : (child, parent)
            return Command.link(
                LinkRequests(request: all[one].id, kind: kind, other: all[other].id)
            )
        }
        await desk.does(link(0, 1, .parent), as: desk.bo)
        await desk.does(link(1, 2, .child), as: desk.bo)
        await desk.does(link(2, 3, .parent), as: desk.bo)
        let refusal = Rejection.invalidValue(
            field: "other_id",
            allowed: ["a parent that is no part of the request itself"]
        )
        #expect(await desk.refusal(of: link(2, 0, .parent), as: desk.bo) == refusal)
        #expect(await desk.refusal(of: link(3, 0, .child), as: desk.bo) == refusal)
        await desk.does(link(0, 3, .parent), as: desk.bo)
    }

    @Test("A contact who is blocked writes nothing, and reads on")
    func blocked() async throws {
        let (chat, request) = try await chat()
        var edit = ContactEdit()
        edit.isBlocked = true
        let ada = try #require(desk.ada.id.map(ContactID.init))
        await desk.changes(ada, by: edit)
        let post = Post(id: desk.fixture.id(), conversation: chat, text: "more")
        let create = CreateRequest(
            id: desk.fixture.id(),
            kind: .ticket,
            channel: "portal",
            text: "more"
        )
        let open = OpenConversation(id: desk.fixture.id(), channel: "bridge")
        for command in [
            Command.post(post), .createRequest(create), .openConversation(open),
        ] {
            #expect(await desk.refusal(of: command, as: desk.ada) == .contactBlocked)
        }
        try await desk.says("Goodbye", in: chat, as: desk.bo, to: request.id)
        edit.isBlocked = false
        await desk.changes(ada, by: edit)
        try await desk.says("sorry", in: chat, to: request.id)
    }
}
