using MidnightOS.Azure.Flows;
using MidnightOS.Azure.Start;

return await WorkerProgram.RunAsync("the flows' app", args, FlowsApp.Build, Console.Error);
