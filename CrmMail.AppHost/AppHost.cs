Console.WriteLine(typeof(Projects.CrmMail_Ingest).FullName + " " + new Projects.CrmMail_AppHost().ProjectPath);
