-- Workers hear at once when somebody comes, goes, or may do something else than before: what they know of people counts
-- for everything that is asked of them.
CREATE FUNCTION minirun_tell_people() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NOTIFY minirun_people;
    RETURN NULL;
END;
$$;

CREATE TRIGGER "people_news" AFTER INSERT OR UPDATE OR DELETE ON "people"
    FOR EACH STATEMENT EXECUTE FUNCTION minirun_tell_people();
