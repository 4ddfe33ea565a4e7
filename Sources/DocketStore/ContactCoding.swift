package import DocketDomain
package import DocketMessages
package import Foundation
internal import SwiftProtobuf

extension Docket_V1_Contact {
    /// What is known of a contact, as the staff sees it.
    package init(_ profile: ContactProfile, company: Company?) {
        self.init()
        id = profile.id.data
        name = profile.name
        emails = profile.emails.map(\.text)
        phones = profile.phones.map(\.text)
        language = profile.language
        version = profile.version
        createdMilliseconds = profile.createdAt.milliseconds
        changedMilliseconds = profile.changedAt.milliseconds
        companyID = profile.company?.data ?? Data()
        companyName = company?.name ?? ""
        timeZone = profile.timeZone
        clientCategory = profile.clientCategory
        blocked = profile.isBlocked
        attributes = profile.attributes.map { attribute in
            .with {
                $0.key = attribute.key
                $0.value = attribute.value
            }
        }
        versionForContact = profile.versionForContact
        set(profile.origin)
    }

    /// What a contact sees of what is known of it.
    package init(_ card: ContactCard) {
        self.init()
        id = card.id.data
        name = card.name
        emails = card.emails.map(\.text)
        phones = card.phones.map(\.text)
        language = card.language
        version = card.version
    }

    /// What is known of a contact, as an audience sees it.
    package init(_ profile: ContactProfile, company: Company?, for audience: Audience) {
        switch audience {
        case .staff, .audit: self.init(profile, company: company)
        case .conversation: self.init(ContactCard(profile))
        }
    }

    private mutating func set(_ contactOrigin: ContactOrigin) {
        switch contactOrigin {
        case .guest: origin = .originGuest
        case .external(let integration, let name):
            origin = .originExternal
            integrationID = integration.data
            externalID = name
        case .registered: origin = .originRegistered
        }
    }

    private var domainOrigin: ContactOrigin? {
        switch origin {
        case .originGuest: .guest
        case .originExternal:
            PrincipalID(bytes: integrationID).map {
                .external(integration: $0, externalID: externalID)
            }
        case .originRegistered: .registered
        case .unspecified, .UNRECOGNIZED: nil
        }
    }

    /// What is known of the contact; `nil` where the message does not say who it is, or says what
    /// no contact can be.
    package var profile: ContactProfile? {
        guard let contact = ContactID(bytes: id), let origin = domainOrigin else { return nil }
        var profile = ContactProfile(
            id: contact,
            name: name,
            origin: origin,
            at: Timestamp(milliseconds: createdMilliseconds)
        )
        do throws(FieldFault) {
            profile.emails = try emails.map { text throws(FieldFault) in
                try EmailAddress(text, path: "emails")
            }
            profile.phones = try phones.map { text throws(FieldFault) in
                try PhoneNumber(text, path: "phones")
            }
        } catch {
            return nil
        }
        profile.company = CompanyID(bytes: companyID)
        profile.language = language
        profile.timeZone = timeZone
        profile.clientCategory = clientCategory
        profile.isBlocked = blocked
        profile.attributes = attributes.map { ContactAttribute(key: $0.key, value: $0.value) }
        profile.version = version
        // An older profile has one version for everybody.
        profile.versionForContact = versionForContact.nonzero ?? version
        profile.changedAt = Timestamp(milliseconds: changedMilliseconds)
        return profile
    }
}

extension Docket_V1_Company {
    /// A company, as the staff sees it.
    package init(_ company: Company) {
        self.init()
        id = company.id.data
        name = company.name
        clientCategory = company.clientCategory
        version = company.version
        createdMilliseconds = company.createdAt.milliseconds
        changedMilliseconds = company.changedAt.milliseconds
    }
}

extension ContactProfile {
    /// What is known of a principal that has just been made; `nil` where it is no contact.
    package init?(new record: PrincipalRecord, at moment: Timestamp) {
        guard let contact = record.contact, let origin = record.origin else { return nil }
        self.init(id: contact.id, name: contact.name, origin: origin, at: moment)
    }

    /// The profile as a store keeps it.
    ///
    /// One is kept for every contact that a partner brings, so that it is written field by field,
    /// without the generated message's objects; a test compares both.
    package func encoded() -> Data {
        var writer = WireWriter(room: 160)
        writer.write(id, in: 1)
        writer.write(name, in: 2)
        for email in emails { writer.write(each: email.text, in: 3) }
        for phone in phones { writer.write(each: phone.text, in: 4) }
        writer.write(language, in: 5)
        writer.write(version, in: 6)
        writer.write(createdAt.milliseconds, in: 7)
        writer.write(changedAt.milliseconds, in: 8)
        writer.write(company, in: 9)
        writer.write(timeZone, in: 11)
        writer.write(clientCategory, in: 12)
        writer.write(isBlocked, in: 13)
        for attribute in attributes {
            writer.write(in: 14) { writer in
                writer.write(attribute.key, in: 1)
                writer.write(attribute.value, in: 2)
            }
        }
        writer.write(origin)
        writer.write(versionForContact, in: 18)
        return Data(writer.bytes)
    }

    /// Takes the profile from the bytes that a store kept; `nil` where they are none.
    package init?(encoded: Data) {
        guard let message = try? Docket_V1_Contact(serializedBytes: encoded),
            let profile = message.profile
        else { return nil }
        self = profile
    }
}

extension WireWriter {
    fileprivate mutating func write(_ origin: ContactOrigin) {
        switch origin {
        case .guest: write(1, in: 15)
        case .external(let integration, let name):
            write(2, in: 15)
            write(integration, in: 16)
            write(name, in: 17)
        case .registered: write(3, in: 15)
        }
    }
}

extension PrincipalRecord {
    /// How the principal came, when it is a contact.
    package var origin: ContactOrigin? {
        switch details {
        case .guest: .guest
        case .external(let integration, let externalID):
            .external(integration: integration, externalID: externalID)
        case .registered: .registered
        case .agent, .integration, .partner: nil
        }
    }
}
