//! Courses: their working copy, the versions of their items, the editions that were published, and the media and
//! unfinished uploads that belong to them.
//!
//! An edition is a whole: what learners get is read from its document alone, never from the working copy.

use sea_orm_migration::prelude::*;

crate::migration! {
    up: &[
        "CREATE TABLE courses (
            id UUID NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            slug TEXT NOT NULL,
            category TEXT NOT NULL CHECK (category IN ('operation', 'features', 'troubleshooting', 'security_privacy')),
            title TEXT NOT NULL,
            summary TEXT NOT NULL,
            tags TEXT NOT NULL,
            mandatory_for TEXT NOT NULL,
            due_days INTEGER CHECK (due_days BETWEEN 1 AND 3650),
            state TEXT NOT NULL CHECK (state IN ('draft', 'in_review', 'approved', 'published', 'withdrawn')),
            edition INTEGER NOT NULL,
            in_force INTEGER,
            author_id UUID REFERENCES people (id),
            reviewed_by UUID REFERENCES people (id),
            published_by UUID REFERENCES people (id),
            published_at BIGINT,
            reason_sealed BYTEA,
            source_digest BYTEA,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            CONSTRAINT courses_slug_key UNIQUE (slug)
        )",
        "CREATE TABLE course_items (
            id UUID NOT NULL PRIMARY KEY,
            course_id UUID NOT NULL REFERENCES courses (id),
            key TEXT NOT NULL,
            section_no INTEGER NOT NULL,
            section_title TEXT NOT NULL,
            position INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('article', 'video', 'audio', 'pdf', 'slides', 'link', 'quiz')),
            required BOOLEAN NOT NULL,
            removed BOOLEAN NOT NULL,
            CONSTRAINT course_items_key_key UNIQUE (course_id, key)
        )",
        // Contents of media, sealed on disk under a key of their own. Without a course: an upload that nobody used yet.
        "CREATE TABLE media (
            id UUID NOT NULL PRIMARY KEY,
            course_id UUID REFERENCES courses (id),
            uploader_id UUID REFERENCES people (id),
            key_id UUID NOT NULL REFERENCES data_keys (key_id),
            file_key_sealed BYTEA NOT NULL,
            media_type TEXT NOT NULL,
            size BIGINT NOT NULL,
            sha256 BYTEA NOT NULL,
            duration_ms BIGINT,
            pages INTEGER,
            width INTEGER,
            height INTEGER,
            created_at BIGINT NOT NULL
        )",
        "CREATE UNIQUE INDEX media_course_sha256_key ON media (course_id, sha256)",
        "CREATE INDEX media_loose ON media (created_at) WHERE course_id IS NULL",
        // `edition` is the first edition that a version was part of; NULL while it is a draft.
        "CREATE TABLE item_versions (
            id UUID NOT NULL PRIMARY KEY,
            item_id UUID NOT NULL REFERENCES course_items (id),
            number INTEGER NOT NULL,
            edition INTEGER,
            title TEXT NOT NULL,
            body_md TEXT NOT NULL,
            body_html TEXT NOT NULL,
            questions TEXT,
            media_id UUID REFERENCES media (id),
            captions TEXT,
            link TEXT,
            min_coverage INTEGER NOT NULL CHECK (min_coverage BETWEEN 0 AND 100),
            min_dwell_seconds INTEGER NOT NULL,
            source_digest BYTEA,
            created_by UUID REFERENCES people (id),
            created_at BIGINT NOT NULL,
            CONSTRAINT item_versions_number_key UNIQUE (item_id, number)
        )",
        "CREATE INDEX item_versions_media ON item_versions (media_id)",
        "CREATE TABLE course_editions (
            id UUID NOT NULL PRIMARY KEY,
            course_id UUID NOT NULL REFERENCES courses (id),
            number INTEGER NOT NULL,
            document TEXT NOT NULL,
            published_by UUID REFERENCES people (id),
            published_at BIGINT NOT NULL,
            CONSTRAINT course_editions_number_key UNIQUE (course_id, number)
        )",
        // Rises with everything that changes what learners see; processes compare it with what they remember.
        "CREATE TABLE course_generations (
            slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
            number BIGINT NOT NULL
        )",
        "INSERT INTO course_generations (slot, number) VALUES (1, 0)",
        "CREATE TABLE uploads (
            id UUID NOT NULL PRIMARY KEY,
            uploader_id UUID NOT NULL REFERENCES people (id),
            media_type TEXT NOT NULL,
            size BIGINT NOT NULL,
            sha256 BYTEA,
            received BIGINT NOT NULL,
            media_id UUID REFERENCES media (id),
            created_at BIGINT NOT NULL
        )",
        "CREATE INDEX uploads_created_at ON uploads (created_at)",
        // What has arrived, piece by piece; the pieces go when the whole was looked at.
        "CREATE TABLE upload_parts (
            id UUID NOT NULL PRIMARY KEY,
            upload_id UUID NOT NULL REFERENCES uploads (id),
            from_byte BIGINT NOT NULL,
            size BIGINT NOT NULL,
            key_id UUID NOT NULL REFERENCES data_keys (key_id),
            file_key_sealed BYTEA NOT NULL,
            CONSTRAINT upload_parts_from_key UNIQUE (upload_id, from_byte)
        )",
    ],
    sqlite: &[],
    postgres: &[],
    down: &[
        "upload_parts", "uploads", "course_generations", "course_editions", "item_versions", "media",
        "course_items", "courses",
    ]
}
