"""Tables: one file per noun, and the tables of the generic capabilities."""

from taiga_crm.models.account import Account, AccountConnection, AccountProject
from taiga_crm.models.api_token import ApiToken, RateCount
from taiga_crm.models.attachment import Attachment, AttachmentVersion
from taiga_crm.models.bin import BinEntry, HeldFile
from taiga_crm.models.channel import AccountEmail, AccountPhone, ContactEmail, ContactPhone
from taiga_crm.models.comment import Comment
from taiga_crm.models.consent import Consent, ConsentPurpose
from taiga_crm.models.contact import Contact
from taiga_crm.models.custom_field import CustomField
from taiga_crm.models.dictionary import AccountType, ContactType, Industry
from taiga_crm.models.favorite import Favorite
from taiga_crm.models.field_rule import FieldRule, FieldRuleSet
from taiga_crm.models.fields_stamp import FieldsStamp
from taiga_crm.models.follower import Follower
from taiga_crm.models.grant import ProjectSettings, RoleGrant, UserType, UserTypeMember
from taiga_crm.models.group import AccountGroup, AccountGroupMember
from taiga_crm.models.history import HistoryEntry
from taiga_crm.models.imports import Import, ImportProfile, ImportRow
from taiga_crm.models.job import Job, PeriodicRun
from taiga_crm.models.merge import KeptApart, MergeRun
from taiga_crm.models.notification import Notification, NotificationSetting
from taiga_crm.models.part import RecordPart
from taiga_crm.models.retention import RetentionRule
from taiga_crm.models.saved_view import SavedView, ViewDefault
from taiga_crm.models.security_event import SecurityEvent
from taiga_crm.models.ticket import TicketAccount
from taiga_crm.models.vcard import VcardKept, VcardMapping
from taiga_crm.models.webhook import Webhook, WebhookDelivery

__all__ = [
    "Account",
    "AccountConnection",
    "AccountEmail",
    "AccountGroup",
    "AccountGroupMember",
    "AccountPhone",
    "AccountProject",
    "AccountType",
    "ApiToken",
    "Comment",
    "Attachment",
    "AttachmentVersion",
    "BinEntry",
    "Consent",
    "ConsentPurpose",
    "Contact",
    "ContactEmail",
    "ContactPhone",
    "ContactType",
    "CustomField",
    "Favorite",
    "FieldRule",
    "FieldRuleSet",
    "FieldsStamp",
    "Follower",
    "HeldFile",
    "HistoryEntry",
    "Import",
    "ImportProfile",
    "ImportRow",
    "Industry",
    "Job",
    "Notification",
    "NotificationSetting",
    "PeriodicRun",
    "KeptApart",
    "MergeRun",
    "ProjectSettings",
    "RateCount",
    "RecordPart",
    "RetentionRule",
    "RoleGrant",
    "SavedView",
    "SecurityEvent",
    "TicketAccount",
    "UserType",
    "UserTypeMember",
    "VcardKept",
    "VcardMapping",
    "ViewDefault",
    "Webhook",
    "WebhookDelivery",
]
